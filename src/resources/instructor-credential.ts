import type { CredentialStatus } from '@prisma/client'
import { resource } from '../core/declaration.ts'

const whenVerified = ({ status }: { status: CredentialStatus }): string | false =>
  status === 'verified' && 'This credential is verified: set it to pending before you change what was verified.'

export default resource('InstructorCredential', {
  label: 'Credentials',
  singular: 'Credential',
  title: ['instructor.displayName', 'kind'],
  list: [
    'expiresOn',
    'instructor',
    'kind',
    'number',
    'jurisdiction',
    'issuedOn',
    'status',
    'verifiedAt',
    'instructor.phone',
  ],
  sort: { by: 'expiresOn', direction: 'asc' },
  filters: {
    range: ['expiresOn', 'issuedOn'],
    multi: ['kind', 'status'],
    null: ['verifiedAt'],
    relation: ['instructor'],
    search: ['instructor.displayName'],
  },
  scopes: {
    'To check': { where: { status: 'pending' }, count: true },
    Verified: { where: { status: 'verified' }, count: true },
    Rejected: { where: { status: ['rejected', 'revoked'] }, count: true },
  },
  fields: {
    number: { mask: ['finance'], lockedWhen: whenVerified },
    kind: { lockedWhen: whenVerified },
  },
})
