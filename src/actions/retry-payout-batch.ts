import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { settleBatch } from '../domain/payouts/batch.ts'
import { retryPayout } from '../domain/payouts/edit-batch.ts'
import { transferPayout } from '../stripe/errands.ts'

/** Tries every failed transfer of a batch again. */
export default action('payout-batch.retry', {
  model: 'PayoutBatch',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Retry failed transfers',
  icon: 'RotateCw',
  reauth: true,
  when: ({ status }) => status === 'partially_failed' || 'No transfer of this batch has failed.',
  confirm: ({ title }) => `Try the failed transfers of ${title} again?`,
  run: async (work, { record: { id } }) => {
    const failed = await work.tx.payout.findMany({
      where: { orgId: work.orgId, batchId: id, status: 'failed' },
      orderBy: { id: 'asc' },
      select: { id: true },
    })
    for (const { id: payoutId } of failed) {
      if (await retryPayout(work, payoutId)) await enqueue(work, transferPayout, { payoutId })
    }
    await settleBatch(work, id)
    return failed.length === 1 ? 'One transfer is tried again.' : `${failed.length} transfers are tried again.`
  },
})
