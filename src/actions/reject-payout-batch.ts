import { action, z } from '../core/action.ts'
import { mayDecide, rejectBatch } from '../domain/payouts/decide-batch.ts'

/** Turns a batch down, with a reason for whoever built it. */
export default action('payout-batch.reject', {
  model: 'PayoutBatch',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Reject',
  done: 'rejected',
  icon: 'XCircle',
  danger: true,
  form: z.object({ reason: z.string().trim().min(3).max(500).meta({ label: 'Reason' }) }),
  when: mayDecide,
  confirm: ({ title }) => `Reject ${title}?`,
  run: (work, { record, input }) => rejectBatch(work, record.id, input.reason),
})
