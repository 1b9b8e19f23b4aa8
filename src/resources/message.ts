import { resource } from '../core/declaration.ts'
import { messageTemplates } from '../core/vocabulary.ts'

export default resource('Message', {
  title: ['templateKey', 'toAddress'],
  list: ['createdAt', 'toAddress', 'channel', 'templateKey', 'subject', 'status'],
  labels: { toAddress: 'To', templateKey: 'Template', relatedType: 'About' },
  values: { templateKey: messageTemplates, relatedType: 'models' },
})
