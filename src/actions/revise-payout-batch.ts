import { action } from '../core/action.ts'
import { canRevise, reviseBatch } from '../domain/payouts/decide-batch.ts'

/** Takes a batch back to draft, so that it can be edited; an approval is void with that. */
export default action('payout-batch.revise', {
  model: 'PayoutBatch',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Back to draft',
  done: 'a draft again',
  icon: 'Edit',
  when: (batch) => canRevise(batch) || 'Only a batch that waits, or was decided and not paid, can go back to draft.',
  confirm: ({ title }) => `Take ${title} back to draft? It has to be submitted and approved once more.`,
  run: (work, { record }) => reviseBatch(work, record.id),
})
