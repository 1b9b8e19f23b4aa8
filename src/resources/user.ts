import { resource } from '../core/declaration.ts'

export default resource('User', {
  label: 'People with a sign-in',
  singular: 'Person',
  list: ['fullName', 'email', 'phone', 'disabledAt', 'lastLoginAt', 'createdAt'],
  filters: {
    range: ['createdAt', 'lastLoginAt'],
    null: ['disabledAt', 'lastLoginAt'],
    search: ['fullName', 'phone', 'email'],
  },
  scopes: { 'May sign in': { where: { disabledAt: null }, count: true } },
  findable: true,
  write: ['fullName', 'phone'],
  labels: { disabledAt: 'Disabled since', lastLoginAt: 'Last sign-in' },
  related: { memberships: { label: 'Roles', list: ['role', 'status', 'createdAt'] } },
})
