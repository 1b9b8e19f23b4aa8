import { resource } from '../core/declaration.ts'
import { messageTemplates } from '../core/vocabulary.ts'

export default resource('MessageTemplate', {
  title: ['key', 'channel'],
  list: ['key', 'channel', 'subject', 'active', 'updatedAt'],
  fields: {
    key: { lockedWhen: () => 'The platform finds a template by this. Add another one instead.' },
    channel: { lockedWhen: () => 'A template is for one channel. Add another one instead.' },
  },
  labels: { key: 'Template', body: 'Text', active: 'Sent' },
  components: { body: { show: 'TemplateBody', edit: 'TemplateBody' } },
  values: { key: messageTemplates },
})
