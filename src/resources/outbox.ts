import { resource } from '../core/declaration.ts'

export default resource('Outbox', {
  label: 'Outbox',
  singular: 'Event',
  list: ['createdAt', 'topic', 'aggregateType', 'attempts', 'availableAt', 'processedAt', 'deadAt'],
  sort: { by: 'createdAt', direction: 'desc' },
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
