import { resource } from '../core/declaration.ts'

export default resource('UserOrg', {
  label: 'Memberships',
  singular: 'Membership',
  title: ['user.fullName', 'role'],
  list: ['role', 'status', 'user.email', 'user.phone', 'user.lastLoginAt', 'createdAt'],
  filters: {
    range: ['createdAt'],
    multi: ['role', 'status'],
    relation: ['user'],
    search: ['user.fullName', 'user.email'],
  },
  scopes: {
    Active: { where: { status: 'active' }, count: true },
    Invited: { where: { status: 'invited' }, count: true },
    Suspended: { where: { status: 'suspended' }, count: true },
  },
  labels: { user: 'Person' },
})
