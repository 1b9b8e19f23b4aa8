import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { formatMoney } from '../core/money.ts'
import { askForFee, canAskFor } from '../domain/payments/collect-fee.ts'
import { openPayment } from '../stripe/errands.ts'

/** Makes a page on which a fee that is due is paid by card. */
export default action('payment.request', {
  model: 'Payment',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Ask for card payment',
  icon: 'CreditCard',
  when: canAskFor,
  confirm: ({ title }) => `Ask for ${title} by card?`,
  run: async (work, { record }) => {
    const fee = await askForFee(work, record.id)
    await enqueue(work, openPayment, { paymentId: fee.id })
    return `${formatMoney(fee.amountCents, fee.currency)} can now be paid by card. The link to the page is here, on the payment.`
  },
})
