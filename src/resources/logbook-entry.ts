import { resource } from '../core/declaration.ts'

export default resource('LogbookEntry', {
  label: 'Logbook',
  singular: 'Logbook entry',
  title: ['student.fullName', 'createdAt'],
  list: [
    'createdAt',
    'student',
    'dayMinutes',
    'nightMinutes',
    'creditedDayMinutes',
    'creditedNightMinutes',
    'structured',
  ],
})
