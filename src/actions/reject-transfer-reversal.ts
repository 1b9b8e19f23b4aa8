import { action, z } from '../core/action.ts'
import { mayDecideReversal, rejectReversal } from '../domain/payouts/decide-reversal.ts'

/** Leaves a transfer as it is. What a lost dispute has taken stays a debt of the instructor. */
export default action('transfer-reversal.reject', {
  model: 'TransferReversal',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Reject',
  done: 'rejected',
  icon: 'XCircle',
  danger: true,
  form: z.object({ reason: z.string().trim().min(3).max(500).meta({ label: 'Reason' }) }),
  when: mayDecideReversal,
  confirm: ({ title }) => `Leave ${title} with the instructor?`,
  run: (work, { record, input }) => rejectReversal(work, record.id, input.reason),
})
