import { job } from '../core/jobs.ts'
import { closePaymentAtStripe } from '../stripe/close-payment.ts'
import { closePayment } from '../stripe/errands.ts'

/** Sees to it that nobody can pay any more what is not wanted any more. */
export default job(closePayment.name, {
  ...closePayment,
  run: async (ctx, { paymentId }) => void (await closePaymentAtStripe(ctx, paymentId)),
})
