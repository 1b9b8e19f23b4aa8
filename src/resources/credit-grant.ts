import { resource } from '../core/declaration.ts'

export default resource('CreditGrant', {
  label: 'Credits',
  singular: 'Credit',
  title: ['student.fullName', 'source'],
  list: ['createdAt', 'student', 'source', 'package', 'minutes', 'minutesLeft', 'valueLeft', 'expiresAt'],
  filters: {
    range: ['createdAt', 'expiresAt', 'minutesLeft', 'valueLeft'],
    multi: ['source'],
    null: ['expiresAt'],
    relation: ['student', 'package'],
    search: ['student.fullName'],
  },
  scopes: {
    Bought: { where: { source: 'purchase' }, count: true },
    Goodwill: { where: { source: 'goodwill' }, count: true },
    'Used up': { where: { minutesLeft: 0 }, count: true },
  },
})
