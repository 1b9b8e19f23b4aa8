import { resource } from '../core/declaration.ts'
import { licenceTypes } from '../core/vocabulary.ts'

export default resource('Student', {
  list: ['fullName', 'phone', 'email', 'licenceType', 'permitState', 'permitExpiresOn', 'createdAt', 'archivedAt'],
  sort: { by: 'fullName', direction: 'asc' },
  filters: {
    range: ['permitExpiresOn', 'createdAt'],
    multi: ['licenceType'],
    null: ['archivedAt', 'permitExpiresOn', 'email'],
    search: ['fullName', 'phone', 'email'],
  },
  scopes: {
    Active: { where: { archivedAt: null }, count: true },
    Learners: { where: { licenceType: 'learner', archivedAt: null }, count: true },
    Provisional: { where: { licenceType: 'provisional', archivedAt: null }, count: true },
    Overseas: { where: { licenceType: 'overseas', archivedAt: null }, count: true },
  },
  findable: true,
  fields: {
    // finance reads who pays, not how to reach or recognise them
    phone: { mask: ['finance'] },
    email: { mask: ['finance'] },
    dob: { read: ['owner', 'admin', 'manager', 'compliance'] },
    permitNumber: { mask: ['finance'] },
    notes: { read: ['owner', 'admin', 'manager', 'compliance'] },
  },
  formats: { email: 'email' },
  labels: { user: 'Sign-in', permitExpiresOn: 'Permit expires' },
  values: { licenceType: licenceTypes },
  tabs: {
    Contact: ['fullName', 'phone', 'email', 'dob', 'notes'],
    Permit: ['licenceType', 'permitNumber', 'permitState', 'permitExpiresOn'],
  },
  related: {
    bookings: { list: ['startAt', 'instructor', 'service', 'status', 'priceCents'] },
    payments: { list: ['createdAt', 'amountCents', 'refundedCents', 'method', 'status'] },
    creditGrants: { label: 'Credits', list: ['createdAt', 'source', 'package', 'minutesLeft', 'expiresAt'] },
    guardians: { list: ['guardian', 'relation', 'isBilling', 'isEmergency'] },
    consents: { list: ['effectiveAt', 'kind', 'granted', 'method', 'expiresAt'] },
    messages: { list: ['createdAt', 'recipientName', 'channel', 'templateKey', 'subject', 'status', 'error'] },
  },
  import: {
    columns: [
      'fullName',
      'phone',
      'email',
      'dob',
      'licenceType',
      'permitNumber',
      'permitState',
      'permitExpiresOn',
      'notes',
    ],
    match: ['fullName', 'email'],
  },
})
