import { resource } from '../core/declaration.ts'

export default resource('RefreshToken', {
  label: 'App sign-ins',
  singular: 'App sign-in',
  title: ['user.fullName', 'createdAt'],
  list: ['createdAt', 'user', 'used', 'expiresAt'],
  labels: { user: 'Person' },
})
