import { resource } from '../core/declaration.ts'

export default resource('WebhookEvent', {
  title: ['eventType'],
  list: ['receivedAt', 'provider', 'eventType', 'status', 'attempts', 'lastError', 'processedAt', 'createdAt'],
  sort: { by: 'receivedAt', direction: 'desc' },
  filters: { range: ['receivedAt'], multi: ['status'], null: ['processedAt'] },
  scopes: {
    'To process': { where: { status: 'received' }, count: true },
    Failed: { where: { status: 'failed' }, count: true },
    Ignored: { where: { status: 'ignored' } },
  },
  values: { provider: {}, eventType: {} },
})
