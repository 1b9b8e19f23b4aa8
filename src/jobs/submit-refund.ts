import { job } from '../core/jobs.ts'
import { submitRefund } from '../stripe/errands.ts'
import { submitRefundAtStripe } from '../stripe/submit-refund.ts'

/** Has Stripe make a refund that was agreed to. */
export default job(submitRefund.name, {
  ...submitRefund,
  run: async (ctx, { refundId }) => void (await submitRefundAtStripe(ctx, refundId)),
})
