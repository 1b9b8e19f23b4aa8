import { resource } from '../core/declaration.ts'

export default resource('Outbox', {
  label: 'Outbox',
  singular: 'Event',
  list: [
    'createdAt',
    'topic',
    'aggregateType',
    'attempts',
    'lastError',
    'availableAt',
    'relayedAt',
    'processedAt',
    'deadAt',
  ],
  sort: { by: 'createdAt', direction: 'desc' },
  filters: { range: ['createdAt'], multi: ['aggregateType'], null: ['processedAt', 'deadAt'] },
  scopes: { Waiting: { where: { processedAt: null, deadAt: null }, count: true } },
  labels: {
    aggregateType: 'About',
    availableAt: 'Due',
    deadAt: 'Given up',
    seq: 'Number',
    aggregateVersion: 'Change of that record',
    schemaVersion: 'Form of the event',
  },
  values: { topic: {}, aggregateType: 'models' },
})
