import { resource } from '../core/declaration.ts'

export default resource('Consent', {
  title: ['student.fullName', 'kind'],
  list: ['effectiveAt', 'student', 'kind', 'granted', 'guardian', 'method', 'documentVer', 'expiresAt'],
  filters: {
    range: ['effectiveAt', 'expiresAt'],
    multi: ['kind'],
    flag: ['granted'],
    null: ['expiresAt'],
    relation: ['student', 'guardian'],
    search: ['student.fullName'],
  },
  scopes: { Given: { where: { granted: true }, count: true }, Withdrawn: { where: { granted: false }, count: true } },
  labels: { documentVer: 'Document version', effectiveAt: 'From' },
})
