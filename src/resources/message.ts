import { resource } from '../core/declaration.ts'
import { messageTemplates } from '../core/vocabulary.ts'

export default resource('Message', {
  title: ['templateKey', 'toAddress'],
  list: ['createdAt', 'recipientName', 'status', 'channel', 'templateKey', 'toAddress', 'subject', 'error', 'sentAt'],
  sort: { by: 'createdAt', direction: 'desc' },
  filters: { range: ['createdAt'], multi: ['status', 'channel', 'templateKey', 'relatedType'] },
  scopes: {
    Waiting: { where: { status: 'queued' }, count: true },
    Failed: { where: { status: 'failed' }, count: true },
    'Not sent': { where: { status: 'not_sent' }, count: true },
    'Opted out': { where: { status: 'suppressed' }, count: true },
  },
  labels: {
    toAddress: 'To',
    recipientName: 'Name',
    templateKey: 'Template',
    relatedType: 'About',
    error: 'Why it was not sent',
    sendAt: 'Not before',
    expiresAt: 'Not after',
    invite: 'Calendar invitation',
    copies: 'Sent again',
  },
  tabs: {
    Message: ['recipientName', 'toAddress', 'channel', 'templateKey', 'subject', 'error', 'body'],
    Delivery: ['status', 'sendAt', 'sentAt', 'expiresAt', 'attempts', 'copies', 'providerId'],
    About: ['booking', 'student', 'instructor', 'relatedType', 'relatedId', 'invite'],
  },
  related: {
    deliveries: { label: 'Attempts', list: ['createdAt', 'number', 'outcome', 'detail', 'handedOverAt', 'finishedAt'] },
  },
  components: { body: { show: 'LetterBody' } },
  values: { templateKey: messageTemplates, relatedType: 'models' },
})
