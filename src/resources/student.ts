import { resource } from '../core/declaration.ts'

export default resource('Student', {
  list: ['fullName', 'phone', 'email', 'licenceType', 'permitState', 'permitExpiresOn', 'archivedAt', 'createdAt'],
  sort: { by: 'fullName', direction: 'asc' },
  fields: { notes: { read: ['owner', 'admin', 'manager', 'compliance'] } },
  labels: { user: 'Sign-in', permitExpiresOn: 'Permit expires' },
})
