import { resource } from '../core/declaration.ts'

export default resource('Lesson', {
  title: ['student.fullName', 'startedAt'],
  list: ['startedAt', 'student', 'instructor', 'endedAt', 'durationSec', 'distanceMeters', 'rating', 'createdAt'],
  sort: { by: 'startedAt', direction: 'desc' },
  filters: {
    range: ['startedAt', 'rating'],
    null: ['endedAt'],
    relation: ['student', 'instructor'],
    search: ['student.fullName'],
  },
  scopes: { 'Not ended': { where: { endedAt: null }, count: true } },
  write: ['rating', 'notes'],
  fields: { notes: { read: ['owner', 'admin', 'manager', 'compliance'] } },
  labels: { startedAt: 'Started', endedAt: 'Ended', durationSec: 'Duration (s)', distanceMeters: 'Distance (m)' },
  related: {
    trips: { list: ['startedAt', 'endedAt', 'purgedAt'] },
    incidents: { list: ['occurredAt', 'severity', 'status', 'vehicle'] },
  },
})
