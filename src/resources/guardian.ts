import { resource } from '../core/declaration.ts'

export default resource('Guardian', {
  list: ['fullName', 'phone', 'email', 'createdAt'],
  sort: { by: 'fullName', direction: 'asc' },
  filters: { search: ['fullName', 'phone', 'email'] },
  findable: true,
  fields: {
    phone: { mask: ['finance'] },
    email: { mask: ['finance'] },
  },
  formats: { email: 'email' },
  labels: { user: 'Sign-in' },
  related: {
    students: { list: ['student', 'relation', 'isBilling', 'isEmergency'] },
  },
  import: { columns: ['fullName', 'phone', 'email'], match: ['fullName', 'email'] },
})
