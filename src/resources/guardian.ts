import { resource } from '../core/declaration.ts'

export default resource('Guardian', {
  list: ['fullName', 'phone', 'email', 'createdAt'],
  sort: { by: 'fullName', direction: 'asc' },
  labels: { user: 'Sign-in' },
})
