import { action } from '../core/action.ts'
import { askForRefund, paidFor } from '../domain/refunds/ask-for-refund.ts'
import { describeRefund } from '../domain/refunds/describe-refund.ts'
import { refundForm } from '../domain/refunds/wish-form.ts'

/** The same from the lesson: gives back what was paid for it. */
export default action('booking.refund', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager', 'finance'],
  label: 'Refund',
  icon: 'CornerUpLeft',
  danger: true,
  reauth: true,
  form: refundForm,
  when: ({ status, priceCents }) => {
    if (priceCents === 0) return 'This lesson costs nothing.'
    return !['draft', 'requested', 'pending_payment'].includes(status) || 'Nobody has paid for this lesson yet.'
  },
  confirm: ({ title }) => `Refund what was paid for ${title}?`,
  run: async (work, { record, input, key }) => {
    const { id } = await paidFor(work, record.id)
    const refund = await askForRefund(work, id, { ...input, key })
    return { message: await describeRefund(work, refund), open: { model: 'Refund', id: refund.id } }
  },
})
