import { action } from '../core/action.ts'
import { formatMoney } from '../core/money.ts'
import { canRecord, recordFee } from '../domain/payments/collect-fee.ts'
import { handedOver, handedOverForm } from '../domain/payments/handed-over.ts'

/** The school has the money of a fee that was due. */
export default action('payment.record', {
  model: 'Payment',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Record payment',
  icon: 'DollarSign',
  form: handedOverForm,
  when: canRecord,
  confirm: ({ title, input }) => `Record that ${title} was paid: ${handedOver[input.method].toLowerCase()}?`,
  run: async (work, { record, input }) => {
    const { amountCents, currency } = await recordFee(work, record.id, input.method)
    return `${formatMoney(amountCents, currency)} is recorded as received.`
  },
})
