import { resource } from '../core/declaration.ts'

export default resource('Consent', {
  title: ['student.fullName', 'kind'],
  list: ['effectiveAt', 'student', 'kind', 'granted', 'guardian', 'method', 'expiresAt'],
  labels: { documentVer: 'Document version', effectiveAt: 'From' },
})
