import { resource } from '../core/declaration.ts'
import { days } from '../core/vocabulary.ts'
import { lessonsOutsideHours } from '../domain/warnings/lessons-outside-hours.ts'

export default resource('InstructorAvailability', {
  label: 'Availability',
  singular: 'Availability',
  title: ['instructor.displayName', 'dayOfWeek'],
  list: ['startMinute', 'endMinute', 'effectiveFrom', 'effectiveTo'],
  labels: { dayOfWeek: 'Day', startMinute: 'From', endMinute: 'To' },
  values: { dayOfWeek: days },
  warns: lessonsOutsideHours,
})
