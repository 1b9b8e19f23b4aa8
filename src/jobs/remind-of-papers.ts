import { z } from 'zod'
import { nowOf } from '../core/context.ts'
import { enqueue, job } from '../core/jobs.ts'
import { remindOfPapers } from '../domain/messages/remind-of-papers.ts'
import sendMessage from './send-message.ts'

/** Tells instructors and the office every morning of papers that end: licences, checks, registrations, insurance. */
export default job('message.remind-of-papers', {
  data: z.object({}),
  schedule: { cron: '30 7 * * *', each: 'school', catchUp: true },
  run: async (ctx) => {
    await ctx.db.transaction(ctx, async (tx) => {
      const work = { ...ctx, tx }
      const written = await remindOfPapers(work)
      for (const { id, sendAt } of written)
        if (sendAt <= nowOf(work)) await enqueue(work, sendMessage, { messageId: id })
    })
  },
})
