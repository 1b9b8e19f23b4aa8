import { resource } from '../core/declaration.ts'

export default resource('LedgerTransaction', {
  title: ['kind', 'occurredAt'],
  list: ['occurredAt', 'kind', 'description', 'refType', 'createdAt'],
  says: () => null,
  sort: { by: 'occurredAt', direction: 'desc' },
  labels: { refType: 'About', occurredAt: 'Happened' },
  // its kinds are the operations' own names, told in words
  values: { kind: {}, refType: 'models' },
})
