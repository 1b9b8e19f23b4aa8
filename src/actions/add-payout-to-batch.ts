import { action, type FieldMeta, z } from '../core/action.ts'
import { addToBatch } from '../domain/payouts/edit-batch.ts'

/** Puts payouts that wait into a batch. */
export default action('payout.add-to-batch', {
  model: 'Payout',
  on: 'bulk',
  may: ['owner', 'finance'],
  label: 'Add to a batch',
  done: 'in the batch',
  icon: 'FolderPlus',
  atMost: 500,
  form: z.object({
    batchId: z.uuid().meta({
      label: 'Batch',
      help: 'A draft. One that was submitted or approved goes back to draft.',
      references: 'PayoutBatch',
    } satisfies FieldMeta),
  }),
  when: ({ status, batchId }) =>
    (status === 'pending' && batchId === null) || 'Only a payout that waits for a batch can be added to one.',
  confirm: ({ title, count }) => (count > 1 ? `Add ${count} payouts to the batch?` : `Add ${title} to the batch?`),
  run: (work, { record, input }) => addToBatch(work, record.id, input.batchId),
})
