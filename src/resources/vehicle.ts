import { resource } from '../core/declaration.ts'

export default resource('Vehicle', {
  list: ['rego', 'make', 'model', 'year', 'transmission', 'defaultInstructor', 'regoExpiresOn', 'active'],
  labels: {
    regoState: 'Registered in',
    regoExpiresOn: 'Registration expires',
    insuranceExpiresOn: 'Insurance expires',
  },
})
