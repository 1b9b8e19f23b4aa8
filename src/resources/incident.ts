import { resource } from '../core/declaration.ts'

export default resource('Incident', {
  title: ['severity', 'occurredAt'],
  list: ['occurredAt', 'severity', 'status', 'instructor', 'vehicle', 'lesson', 'description', 'closedAt'],
  filters: {
    range: ['occurredAt'],
    multi: ['severity', 'status'],
    null: ['closedAt'],
    relation: ['instructor', 'vehicle', 'lesson'],
    search: ['description'],
  },
  scopes: {
    Open: { where: { status: 'open' }, count: true },
    Investigating: { where: { status: 'investigating' }, count: true },
    Closed: { where: { status: 'closed' } },
    Major: { where: { severity: 'major' }, count: true },
  },
  labels: { occurredAt: 'Happened', closedAt: 'Closed' },
})
