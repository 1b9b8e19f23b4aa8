import { resource } from '../core/declaration.ts'

export default resource('StudentGuardian', {
  label: 'Guardians of students',
  singular: 'Guardian of a student',
  title: ['student.fullName', 'guardian.fullName'],
  list: ['isBilling', 'isEmergency', 'relation', 'createdAt'],
  labels: { isBilling: 'Billing contact', isEmergency: 'Emergency contact' },
})
