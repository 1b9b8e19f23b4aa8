import { action } from '../core/action.ts'
import { formatMoney } from '../core/money.ts'
import { submitBatch } from '../domain/payouts/decide-batch.ts'

/** Hands a batch on to whoever approves it; an edit from here on takes it back to draft. */
export default action('payout-batch.submit', {
  model: 'PayoutBatch',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Submit for approval',
  icon: 'Send',
  when: ({ status }) => status === 'draft' || 'Only a draft can be submitted.',
  confirm: ({ title }) => `Submit ${title} for the approval of somebody else?`,
  run: async (work, { record }) => {
    const { number, payoutCount, totalCents, currency } = await submitBatch(work, record.id)
    return `Batch ${number} waits for approval: ${payoutCount} payouts, ${formatMoney(totalCents, currency)}.`
  },
})
