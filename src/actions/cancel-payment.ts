import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { isUnderWay } from '../domain/payments/payment.ts'
import { closePayment } from '../stripe/errands.ts'

/** The page to pay is closed; a payment that was made at the last moment still counts. */
export default action('payment.cancel', {
  model: 'Payment',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Cancel payment',
  icon: 'XCircle',
  danger: true,
  when: (payment) =>
    payment.method !== 'card'
      ? 'Only a card payment can be called off.'
      : isUnderWay(payment) || 'This payment is over. What was received is refunded instead.',
  confirm: ({ title }) => `Close the page on which ${title} can be paid?`,
  run: async (work, { record }) => {
    await enqueue(work, closePayment, { paymentId: record.id })
    return 'The payment is being called off; it shows as cancelled in a moment.'
  },
})
