import { resource } from '../core/declaration.ts'

export default resource('Incident', {
  title: ['severity', 'occurredAt'],
  list: ['occurredAt', 'severity', 'status', 'instructor', 'vehicle', 'lesson', 'closedAt'],
  labels: { occurredAt: 'Happened', closedAt: 'Closed' },
})
