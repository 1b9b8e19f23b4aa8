import { z } from 'zod'
import { nowOf } from '../core/context.ts'
import { job } from '../core/jobs.ts'
import { executeDue } from '../domain/bookings/execute-due.ts'

const AT_ONCE = 100
/** After a long pause of the worker the rest waits for the next minute, so that no school keeps the others waiting. */
const MOST_ROUNDS = 10

/**
 * Frees unpaid holds and untouched drafts, asks for learners who have not come, marks no-shows: what was written down with
 * the bookings, when its time has come. What came due while no worker ran is done at the next start, the longest due first.
 */
export default job('booking.execute-transitions', {
  data: z.object({}),
  schedule: { cron: '* * * * *', each: 'school', catchUp: true },
  run: async (ctx) => {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { done, superseded, taken, failed } = await executeDue(ctx, nowOf(ctx), AT_ONCE)
      if (done + superseded + taken + failed < AT_ONCE || done + superseded === 0) return
    }
  },
})
