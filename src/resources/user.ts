import { resource } from '../core/declaration.ts'

export default resource('User', {
  label: 'People with a sign-in',
  singular: 'Person',
  list: ['fullName', 'email', 'phone', 'disabledAt', 'lastLoginAt', 'createdAt'],
  write: ['fullName', 'phone'],
  labels: { disabledAt: 'Disabled since', lastLoginAt: 'Last sign-in' },
})
