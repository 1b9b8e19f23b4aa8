import { action, z } from '../core/action.ts'
import { formatMoney } from '../core/money.ts'
import { recordGivenBack, waitsForHands } from '../domain/refunds/record-given-back.ts'

/** Somebody has handed back cash, or has sent the bank transfer. */
export default action('refund.record-given-back', {
  model: 'Refund',
  on: 'record',
  may: ['owner', 'admin', 'manager', 'finance'],
  label: 'Record as given back',
  icon: 'DollarSign',
  reauth: true,
  form: z.object({
    givenBackAt: z
      .date()
      .optional()
      .meta({ label: 'When', kind: 'datetime', help: 'Leave it empty if it was just now' }),
  }),
  when: waitsForHands,
  confirm: ({ title }) => `Record that ${title} was given back?`,
  run: async (work, { record, input }) => {
    const { amountCents, currency } = await recordGivenBack(work, record.id, input.givenBackAt)
    return `${formatMoney(amountCents, currency)} is recorded as given back.`
  },
})
