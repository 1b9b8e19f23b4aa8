import { z } from 'zod'
import { job } from '../core/jobs.ts'
import { resume } from '../stripe/resume.ts'

/** What Stripe has not answered, and nobody tries any more, is tried again: after an outage, or when a worker was lost. */
export default job('stripe.resume', {
  data: z.object({}),
  schedule: { cron: '*/10 * * * *', each: 'school' },
  run: async (ctx) => void (await ctx.db.transaction(ctx, (tx) => resume({ ...ctx, tx }))),
})
