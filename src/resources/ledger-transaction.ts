import { resource } from '../core/declaration.ts'

export default resource('LedgerTransaction', {
  title: ['kind', 'occurredAt'],
  list: ['occurredAt', 'kind', 'description', 'refType', 'createdAt'],
  sort: { by: 'occurredAt', direction: 'desc' },
  labels: { refType: 'About', occurredAt: 'Happened' },
  values: { refType: 'models' },
})
