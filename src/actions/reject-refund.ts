import { action, z } from '../core/action.ts'
import { mayDecide, rejectRefund } from '../domain/refunds/decide-refund.ts'

/** A second person turns it down; whoever asked for it reads why. */
export default action('refund.reject', {
  model: 'Refund',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Reject',
  done: 'rejected',
  icon: 'XCircle',
  danger: true,
  form: z.object({
    reason: z.string().trim().min(3).max(500).meta({ label: 'Reason', help: 'Shown to whoever asked' }),
  }),
  when: mayDecide,
  confirm: ({ title }) => `Reject the refund ${title}? Nothing goes back.`,
  run: async (work, { record, input }) => void (await rejectRefund(work, record.id, input.reason)),
})
