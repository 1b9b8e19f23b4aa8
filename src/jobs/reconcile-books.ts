import { job } from '../core/jobs.ts'
import { stripeConnection } from '../services/stripe.ts'
import { reconcileBooks } from '../stripe/errands.ts'
import { reconcile } from '../stripe/reconcile.ts'

/** Every night, when the day is over everywhere in Australia; and when somebody does not want to wait for it. */
export default job(reconcileBooks.name, {
  ...reconcileBooks,
  schedule: { cron: '40 17 * * *', each: 'once', catchUp: true },
  run: async (ctx, { only }) => {
    if (stripeConnection()) await reconcile(ctx, only)
  },
})
