import { resource } from '../core/declaration.ts'

export default resource('WebhookEvent', {
  title: ['eventType'],
  list: ['receivedAt', 'provider', 'eventType', 'status', 'attempts', 'processedAt'],
  sort: { by: 'receivedAt', direction: 'desc' },
  values: { provider: {}, eventType: {} },
})
