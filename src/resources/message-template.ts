import { resource } from '../core/declaration.ts'
import { messageTemplates } from '../core/vocabulary.ts'

export default resource('MessageTemplate', {
  title: ['key', 'channel'],
  list: ['key', 'channel', 'subject', 'active', 'updatedAt'],
  labels: { key: 'Template' },
  values: { key: messageTemplates },
})
