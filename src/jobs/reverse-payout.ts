import { job } from '../core/jobs.ts'
import { reversePayout } from '../stripe/errands.ts'
import { reversePayoutAtStripe } from '../stripe/reverse-payout.ts'

/** Takes back part of what was transferred to an instructor. */
export default job(reversePayout.name, {
  ...reversePayout,
  run: async (ctx, { reversalId }) => void (await reversePayoutAtStripe(ctx, reversalId)),
})
