import { z } from 'zod'
import { nowOf } from '../core/context.ts'
import { job } from '../core/jobs.ts'
import { earn } from '../domain/payouts/earn.ts'
import { reviewsDue } from '../domain/payouts/reviews-due.ts'

const AT_ONCE = 200

/** What was kept for a late cancellation or a no-show is earned once nobody can take it back any more. */
export default job('payout.review', {
  data: z.object({}),
  schedule: { cron: '*/10 * * * *', each: 'school', catchUp: true },
  run: async (ctx) => {
    const due = await ctx.db.transaction(ctx, (tx) => reviewsDue({ ...ctx, tx }, nowOf(ctx), AT_ONCE))
    for (const bookingId of due) await ctx.db.transaction(ctx, (tx) => earn({ ...ctx, tx }, bookingId))
  },
})
