import { resource } from '../core/declaration.ts'

export default resource('Consent', {
  title: ['student.fullName', 'kind'],
  list: ['student', 'kind', 'granted', 'guardian', 'method', 'effectiveAt', 'expiresAt'],
  labels: { documentVer: 'Document version', effectiveAt: 'From' },
})
