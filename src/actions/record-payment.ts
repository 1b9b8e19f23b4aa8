import { action, z } from '../core/action.ts'
import { formatMoney } from '../core/money.ts'
import { canRecord, recordFee } from '../domain/payments/collect-fee.ts'

const methods = { cash: 'Cash', bank_transfer: 'Bank transfer' } as const

/** The school has the money of a fee that was due. */
export default action('payment.record', {
  model: 'Payment',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Record payment',
  icon: 'DollarSign',
  form: z.object({
    method: z.enum(['cash', 'bank_transfer']).meta({ label: 'Paid by', values: methods }),
  }),
  when: canRecord,
  confirm: ({ title, input }) => `Record that ${title} was paid: ${methods[input.method].toLowerCase()}?`,
  run: async (work, { record, input }) => {
    const { amountCents, currency } = await recordFee(work, record.id, input.method)
    return `${formatMoney(amountCents, currency)} is recorded as received.`
  },
})
