import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { formatMoney } from '../core/money.ts'
import { approveBatch, mayDecide } from '../domain/payouts/decide-batch.ts'
import { transferPayout } from '../stripe/errands.ts'

/** Agrees to what a colleague has built; every payout of it is transferred. */
export default action('payout-batch.approve', {
  model: 'PayoutBatch',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Approve',
  icon: 'CheckCircle',
  reauth: true,
  when: mayDecide,
  confirm: ({ title }) => `Approve ${title}, and transfer it to the instructors?`,
  run: async (work, { record }) => {
    const { batch, payoutIds, sentences } = await approveBatch(work, record.id)
    for (const payoutId of payoutIds) await enqueue(work, transferPayout, { payoutId })
    const total = formatMoney(batch.totalCents, batch.currency)
    const said = `Batch ${batch.number} is approved: ${batch.payoutCount} payouts, ${total}, are being transferred.`
    return [said, ...sentences].join('\n')
  },
})
