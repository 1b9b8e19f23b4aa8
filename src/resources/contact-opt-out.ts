import { resource } from '../core/declaration.ts'
import { messageTemplates } from '../core/vocabulary.ts'

export default resource('ContactOptOut', {
  label: 'Opt-outs',
  singular: 'Opt-out',
  title: ['address', 'channel'],
  list: ['address', 'channel', 'templateKey', 'reason', 'detail', 'createdAt'],
  filters: { multi: ['channel', 'reason'], search: ['address'] },
  scopes: {
    Asked: { where: { reason: 'asked' }, count: true },
    'Came back': { where: { reason: 'bounced' }, count: true },
    Complained: { where: { reason: 'complained' }, count: true },
  },
  labels: { templateKey: 'Of which messages', detail: 'What was said' },
  values: { templateKey: messageTemplates },
})
