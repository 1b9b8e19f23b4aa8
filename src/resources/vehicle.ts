import { resource } from '../core/declaration.ts'

export default resource('Vehicle', {
  list: [
    'rego',
    'make',
    'model',
    'year',
    'transmission',
    'dualControls',
    'defaultInstructor',
    'regoExpiresOn',
    'insuranceExpiresOn',
    'active',
  ],
  filters: {
    range: ['regoExpiresOn', 'insuranceExpiresOn', 'year'],
    multi: ['transmission'],
    flag: ['active', 'dualControls'],
    null: ['regoExpiresOn', 'insuranceExpiresOn'],
    relation: ['defaultInstructor'],
    search: ['rego', 'make', 'model'],
  },
  scopes: {
    'In use': { where: { active: true }, count: true },
    'Out of use': { where: { active: false }, count: true },
  },
  labels: {
    regoState: 'Registered in',
    regoExpiresOn: 'Registration expires',
    insuranceExpiresOn: 'Insurance expires',
  },
  tabs: {
    Car: ['rego', 'regoState', 'make', 'model', 'year', 'transmission', 'dualControls', 'defaultInstructor', 'active'],
    Papers: ['regoExpiresOn', 'insuranceExpiresOn'],
  },
  related: {
    bookings: { list: ['startAt', 'student', 'instructor', 'status'] },
    incidents: { list: ['occurredAt', 'severity', 'status', 'instructor'] },
  },
  badges: ['transmission'],
  import: {
    columns: [
      'rego',
      'regoState',
      'make',
      'model',
      'year',
      'transmission',
      'dualControls',
      'regoExpiresOn',
      'insuranceExpiresOn',
      'active',
      'defaultInstructorId',
    ],
    match: ['rego'],
  },
})
