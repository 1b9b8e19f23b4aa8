import { resource } from '../core/declaration.ts'
import { licenceTypes } from '../core/vocabulary.ts'

export default resource('Student', {
  list: ['fullName', 'phone', 'email', 'licenceType', 'permitState', 'permitExpiresOn'],
  sort: { by: 'fullName', direction: 'asc' },
  fields: { notes: { read: ['owner', 'admin', 'manager', 'compliance'] } },
  labels: { user: 'Sign-in', permitExpiresOn: 'Permit expires' },
  values: { licenceType: licenceTypes },
})
