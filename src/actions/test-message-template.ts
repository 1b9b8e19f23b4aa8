import { action, z } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { writeTest } from '../domain/messages/write-test.ts'
import sendMessage from '../jobs/send-message.ts'

/** Sends a template, filled in with an invented lesson, to whoever is writing it. */
export default action('message-template.test', {
  model: 'MessageTemplate',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Send me a test',
  icon: 'Send',
  form: z.object({
    to: z.string().trim().max(200).optional().meta({
      label: 'To',
      help: 'Empty: your own e-mail address, or your telephone number for SMS and WhatsApp.',
    }),
  }),
  confirm: () => 'Send a test, filled in with an invented lesson?',
  run: async (work, { record, input: { to }, key }) => {
    const { id, toAddress } = await writeTest(work, record, { to, key })
    await enqueue(work, sendMessage, { messageId: id })
    return {
      message: `A test goes to ${toAddress}. The message log shows what becomes of it.`,
      open: { model: 'Message', id },
    }
  },
})
