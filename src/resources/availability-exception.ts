import { resource } from '../core/declaration.ts'
import { lessonsOutsideHours } from '../domain/warnings/lessons-outside-hours.ts'

export default resource('AvailabilityException', {
  label: 'Leave and extra hours',
  singular: 'Leave or extra hours',
  title: ['instructor.displayName', 'date'],
  list: ['date', 'instructor', 'isAvailable', 'startMinute', 'endMinute', 'note'],
  sort: { by: 'date', direction: 'desc' },
  labels: { isAvailable: 'Works', startMinute: 'From', endMinute: 'To' },
  warns: lessonsOutsideHours,
})
