import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { retryReversal } from '../domain/payouts/decide-reversal.ts'
import { reversePayout } from '../stripe/errands.ts'

/** Asks Stripe again to take back what it has refused: the instructor may have the money by now. */
export default action('transfer-reversal.retry', {
  model: 'TransferReversal',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Ask Stripe again',
  icon: 'RotateCw',
  reauth: true,
  when: ({ status }) => status === 'failed' || 'Only what Stripe has refused can be asked again.',
  confirm: ({ title }) => `Ask Stripe again to take back ${title}?`,
  run: async (work, { record }) => {
    await retryReversal(work, record.id)
    await enqueue(work, reversePayout, { reversalId: record.id })
    return 'Stripe is being asked again.'
  },
})
