import { resource } from '../core/declaration.ts'

export default resource('MessageTemplate', {
  title: ['key', 'channel'],
  list: ['key', 'channel', 'subject', 'active', 'updatedAt'],
  labels: { key: 'Template' },
})
