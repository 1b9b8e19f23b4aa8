import { resource } from '../core/declaration.ts'
import { messageTemplates } from '../core/vocabulary.ts'

export default resource('Message', {
  title: ['templateKey', 'toAddress'],
  list: ['createdAt', 'toAddress', 'channel', 'templateKey', 'subject', 'status', 'attempts', 'error', 'relatedType'],
  sort: { by: 'createdAt', direction: 'desc' },
  filters: { range: ['createdAt'], multi: ['status', 'channel', 'templateKey', 'relatedType'] },
  scopes: {
    Waiting: { where: { status: 'queued' }, count: true },
    Failed: { where: { status: 'failed' }, count: true },
    'Opted out': { where: { status: 'suppressed' }, count: true },
  },
  labels: { toAddress: 'To', templateKey: 'Template', relatedType: 'About' },
  values: { templateKey: messageTemplates, relatedType: 'models' },
})
