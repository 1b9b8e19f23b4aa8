import { resource } from '../core/declaration.ts'

export default resource('CreditGrant', {
  label: 'Credits',
  singular: 'Credit',
  title: ['student.fullName', 'source'],
  list: ['createdAt', 'student', 'source', 'package', 'minutes', 'minutesLeft', 'valueLeft', 'expiresAt'],
})
