import { resource } from '../core/declaration.ts'

export default resource('UserOrg', {
  label: 'Memberships',
  singular: 'Membership',
  title: ['user.fullName', 'role'],
  list: ['status', 'createdAt'],
  labels: { user: 'Person' },
})
