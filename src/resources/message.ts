import { resource } from '../core/declaration.ts'

export default resource('Message', {
  title: ['templateKey', 'toAddress'],
  list: ['createdAt', 'toAddress', 'channel', 'templateKey', 'subject', 'status', 'attempts'],
  labels: { toAddress: 'To', templateKey: 'Template', relatedType: 'About' },
  values: { relatedType: 'models' },
})
