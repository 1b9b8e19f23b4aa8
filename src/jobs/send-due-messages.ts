import { z } from 'zod'
import { enqueue, job } from '../core/jobs.ts'
import { dueMessages } from '../domain/messages/send.ts'
import sendMessage from './send-message.ts'

const AT_ONCE = 500

/** Sends what waited for the end of the quiet hours, for another attempt, or for a worker that never came back. */
export default job('message.send-due', {
  data: z.object({}),
  schedule: { cron: '* * * * *', each: 'school' },
  run: async (ctx) => {
    await ctx.db.transaction(ctx, async (tx) => {
      const work = { ...ctx, tx }
      for (const messageId of await dueMessages(work, AT_ONCE)) await enqueue(work, sendMessage, { messageId })
    })
  },
})
