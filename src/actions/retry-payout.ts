import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { settleBatch } from '../domain/payouts/batch.ts'
import { retryPayout } from '../domain/payouts/edit-batch.ts'
import { transferPayout } from '../stripe/errands.ts'

/** Tries failed transfers again. What Stripe has refused was not done, so nothing is paid twice. */
export default action('payout.retry', {
  model: 'Payout',
  on: 'bulk',
  may: ['owner', 'finance'],
  label: 'Retry transfer',
  done: 'being tried again',
  icon: 'RotateCw',
  reauth: true,
  atMost: 500,
  when: ({ status }) => {
    if (status === 'unknown')
      return 'Stripe has not answered yet. It is asked again by itself, so that nothing is paid twice.'
    return status === 'failed' || 'Only a transfer that has failed can be retried.'
  },
  confirm: ({ title, count }) => `Try ${count > 1 ? `${count} transfers` : `the transfer of ${title}`} again?`,
  run: async (work, { record }) => {
    const isTried = await retryPayout(work, record.id)
    await settleBatch(work, record.batchId!)
    if (!isTried) return 'The instructor has another account now: the payout waits for another batch, and its approval.'
    await enqueue(work, transferPayout, { payoutId: record.id })
    return undefined
  },
})
