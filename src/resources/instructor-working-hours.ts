import { resource } from '../core/declaration.ts'
import { days } from '../core/vocabulary.ts'
import { lessonsOutsideHours } from '../domain/warnings/lessons-outside-hours.ts'

export default resource('InstructorWorkingHours', {
  label: 'Working hours',
  singular: 'Working hours',
  title: ['instructor.displayName', 'dayOfWeek'],
  list: [
    'isActive',
    'startTime',
    'endTime',
    'breakStartTime',
    'breakEndTime',
    'maxLessonsPerDay',
    'effectiveFrom',
    'effectiveTo',
  ],
  labels: {
    dayOfWeek: 'Day',
    startTime: 'From',
    endTime: 'To',
    breakStartTime: 'Break from',
    breakEndTime: 'Break to',
    travelBufferMin: 'Travel after a lesson',
  },
  values: { dayOfWeek: days },
  warns: lessonsOutsideHours,
})
