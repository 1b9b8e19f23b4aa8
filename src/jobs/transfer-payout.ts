import { job } from '../core/jobs.ts'
import { transferPayout } from '../stripe/errands.ts'
import { transferPayoutAtStripe } from '../stripe/transfer-payout.ts'

/** Transfers a payout of an approved batch to its instructor. */
export default job(transferPayout.name, {
  ...transferPayout,
  run: async (ctx, { payoutId }) => void (await transferPayoutAtStripe(ctx, payoutId)),
})
