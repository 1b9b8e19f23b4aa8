import { resource } from '../core/declaration.ts'
import { lessonTypes, licenceTypes } from '../core/vocabulary.ts'

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
    'requiresParentalConsent',
    'isActive',
  ],
  labels: { studentLicenseType: "Student's licence", instructorLicenseReq: "Instructor's licence" },
  values: { studentLicenseType: licenceTypes, lessonType: lessonTypes },
})
