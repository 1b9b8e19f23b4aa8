import { action } from '../core/action.ts'
import { isReceived } from '../domain/payments/payment.ts'
import { askForRefund } from '../domain/refunds/ask-for-refund.ts'
import { describeRefund } from '../domain/refunds/describe-refund.ts'
import { refundForm } from '../domain/refunds/wish-form.ts'

/** Gives a payment back, in whole or in part. */
export default action('payment.refund', {
  model: 'Payment',
  on: 'record',
  may: ['owner', 'admin', 'manager', 'finance'],
  label: 'Refund',
  icon: 'CornerUpLeft',
  danger: true,
  reauth: true,
  form: refundForm,
  when: ({ status }) => {
    if (status === 'refunded') return 'All of this payment is refunded already.'
    return isReceived({ status }) || 'This payment has not arrived, so there is nothing to refund.'
  },
  confirm: ({ title }) => `Refund ${title}?`,
  run: async (work, { record, input, key }) => {
    const refund = await askForRefund(work, record.id, { ...input, key })
    return { message: await describeRefund(work, refund), open: { model: 'Refund', id: refund.id } }
  },
})
