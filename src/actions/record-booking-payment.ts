import { action } from '../core/action.ts'
import { formatMoney } from '../core/money.ts'
import { handedOver, handedOverForm } from '../domain/payments/handed-over.ts'
import { isPayable } from '../domain/payments/payable-booking.ts'
import { recordPayment } from '../domain/payments/record-payment.ts'

/** The school has the money in hand, or on its bank statement; a lesson that waited for it is agreed. */
export default action('booking.record-payment', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Record payment',
  icon: 'DollarSign',
  form: handedOverForm,
  when: isPayable,
  confirm: ({ title, input }) => `Record that ${title} was paid: ${handedOver[input.method].toLowerCase()}?`,
  run: async (work, { record, input }) => {
    const payment = await recordPayment(work, record.id, input.method)
    return {
      message: `${formatMoney(payment.amountCents, payment.currency)} is recorded as received.`,
      open: { model: 'Payment', id: payment.id },
    }
  },
})
