import { resource } from '../core/declaration.ts'

export default resource('OutboxDelivery', {
  label: 'Event deliveries',
  singular: 'Event delivery',
  title: ['handler'],
  list: ['createdAt', 'handler', 'outbox', 'status', 'attempts', 'lastError', 'resultRef', 'finishedAt'],
  filters: { multi: ['status'], relation: ['outbox'] },
  scopes: {
    Waiting: { where: { status: ['waiting', 'queued'] }, count: true },
    'Given up': { where: { status: 'dead' }, count: true },
  },
  labels: {
    outbox: 'Event',
    finishedAt: 'Finished',
    aggregateId: 'Id of the record it is about',
    aggregateVersion: 'Change of that record',
    generation: 'Times it was asked for again',
    resultRef: 'What came of it',
  },
})
