import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { formatMoney } from '../core/money.ts'
import { isPayable } from '../domain/payments/payable-booking.ts'
import { requestPayment } from '../domain/payments/request-payment.ts'
import { openPayment } from '../stripe/errands.ts'

/** Makes a page on which the learner pays the lesson by card. */
export default action('booking.request-payment', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Ask for card payment',
  icon: 'CreditCard',
  when: isPayable,
  confirm: ({ title }) => `Ask for the price of ${title} by card?`,
  run: async (work, { record }) => {
    const payment = await requestPayment(work, record.id)
    await enqueue(work, openPayment, { paymentId: payment.id })
    const price = formatMoney(payment.amountCents, payment.currency)
    return {
      message: `${price} can now be paid by card. The link to the page is on the payment.`,
      open: { model: 'Payment', id: payment.id },
    }
  },
})
