import { z } from 'zod'
import { nowOf } from '../core/context.ts'
import { enqueue, job } from '../core/jobs.ts'
import { remindOfLessons } from '../domain/messages/remind.ts'
import sendMessage from './send-message.ts'

/** Reminds learners of the lessons of the next 24 hours; after a pause of the worker, of those that are still ahead. */
export default job('message.remind', {
  data: z.object({}),
  schedule: { cron: '*/5 * * * *', each: 'school' },
  run: async (ctx) => {
    await ctx.db.transaction(ctx, async (tx) => {
      const work = { ...ctx, tx }
      const written = await remindOfLessons(work)
      for (const { id, sendAt } of written)
        if (sendAt <= nowOf(work)) await enqueue(work, sendMessage, { messageId: id })
    })
  },
})
