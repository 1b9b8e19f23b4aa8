import { resource } from '../core/declaration.ts'

export default resource('InstructorCredential', {
  label: 'Credentials',
  singular: 'Credential',
  title: ['instructor.displayName', 'kind'],
  list: ['expiresOn', 'instructor', 'kind', 'number', 'jurisdiction', 'issuedOn', 'status'],
  sort: { by: 'expiresOn', direction: 'asc' },
})
