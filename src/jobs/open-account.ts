import { job } from '../core/jobs.ts'
import { openAccount } from '../stripe/errands.ts'
import { openAccountAtStripe } from '../stripe/open-account.ts'

/** Makes the Stripe account of an instructor who is to be paid. */
export default job(openAccount.name, {
  ...openAccount,
  run: async (ctx, { instructorId }) => void (await openAccountAtStripe(ctx, instructorId)),
})
