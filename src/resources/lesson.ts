import { resource } from '../core/declaration.ts'

export default resource('Lesson', {
  title: ['student.fullName', 'startedAt'],
  list: ['startedAt', 'student', 'instructor', 'endedAt', 'durationSec', 'distanceMeters', 'rating'],
  sort: { by: 'startedAt', direction: 'desc' },
  write: ['rating', 'notes'],
  fields: { notes: { read: ['owner', 'admin', 'manager', 'compliance'] } },
  labels: { startedAt: 'Started', endedAt: 'Ended', durationSec: 'Duration (s)', distanceMeters: 'Distance (m)' },
})
