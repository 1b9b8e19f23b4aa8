import { job } from '../core/jobs.ts'
import { openPayment } from '../stripe/errands.ts'
import { openPaymentAtStripe } from '../stripe/open-payment.ts'

/** Makes the payment intent of a payment that somebody was asked for. */
export default job(openPayment.name, {
  ...openPayment,
  run: async (ctx, { paymentId }) => void (await openPaymentAtStripe(ctx, paymentId)),
})
