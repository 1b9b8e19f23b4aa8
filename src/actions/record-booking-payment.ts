import { action, z } from '../core/action.ts'
import { formatMoney } from '../core/money.ts'
import { isPayable } from '../domain/payments/payable-booking.ts'
import { recordPayment } from '../domain/payments/record-payment.ts'

const methods = { cash: 'Cash', bank_transfer: 'Bank transfer' } as const

/** The school has the money in hand, or on its bank statement; a lesson that waited for it is agreed. */
export default action('booking.record-payment', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Record payment',
  icon: 'DollarSign',
  form: z.object({
    method: z.enum(['cash', 'bank_transfer']).meta({ label: 'Paid by', values: methods }),
  }),
  when: isPayable,
  confirm: ({ title, input }) => `Record that ${title} was paid: ${methods[input.method].toLowerCase()}?`,
  run: async (work, { record, input }) => {
    const payment = await recordPayment(work, record.id, input.method)
    return {
      message: `${formatMoney(payment.amountCents, payment.currency)} is recorded as received.`,
      open: { model: 'Payment', id: payment.id },
    }
  },
})
