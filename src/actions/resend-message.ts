import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { sendAgain } from '../domain/messages/send-again.ts'
import sendMessage from '../jobs/send-message.ts'

/** Sends messages again, for example those that waited for a mail server. Opt-outs and bounces still hold. */
export default action('message.resend', {
  model: 'Message',
  on: 'bulk',
  may: ['owner', 'admin', 'manager'],
  label: 'Send again',
  done: 'on its way',
  icon: 'Send',
  when: ({ status }) => status !== 'queued' || 'This message waits to be sent already.',
  confirm: ({ title, count }) => (count === 1 ? `Send ${title} again?` : `Send ${title} again, as they were written?`),
  run: async (work, { record }) => {
    await sendAgain(work, record)
    await enqueue(work, sendMessage, { messageId: record.id })
    return `The message to ${record.toAddress} is on its way. Its record shows what becomes of it.`
  },
})
