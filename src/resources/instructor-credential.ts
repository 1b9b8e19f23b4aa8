import { resource } from '../core/declaration.ts'

export default resource('InstructorCredential', {
  label: 'Credentials',
  singular: 'Credential',
  title: ['instructor.displayName', 'kind'],
  list: ['instructor', 'kind', 'number', 'jurisdiction', 'issuedOn', 'expiresOn', 'status'],
  sort: { by: 'expiresOn', direction: 'asc' },
})
