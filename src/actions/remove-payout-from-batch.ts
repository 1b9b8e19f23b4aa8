import { action } from '../core/action.ts'
import { removeFromBatch } from '../domain/payouts/edit-batch.ts'

/** Takes payouts out of their batch; they wait for another one. */
export default action('payout.remove-from-batch', {
  model: 'Payout',
  on: 'bulk',
  may: ['owner', 'finance'],
  label: 'Take out of the batch',
  done: 'out of the batch',
  icon: 'FolderMinus',
  atMost: 500,
  when: ({ status }) => status === 'batched' || 'This payout is in no batch that could be edited.',
  confirm: ({ title, count }) =>
    `Take ${count > 1 ? `${count} payouts` : title} out of the batch? If it was submitted or approved it goes back to draft.`,
  run: (work, { record }) => removeFromBatch(work, record.id),
})
