import { resource } from '../core/declaration.ts'

export default resource('LicenseCompatibilityMatrix', {
  label: 'Licence rules',
  singular: 'Licence rule',
  title: ['studentLicenseType', 'lessonType'],
  list: [
    'studentLicenseType',
    'lessonType',
    'instructorLicenseReq',
    'isCompatible',
    'minStudentAge',
    'maxStudentAge',
    'requiresParentalConsent',
    'isActive',
  ],
  labels: { studentLicenseType: "Student's licence", instructorLicenseReq: "Instructor's licence" },
})
