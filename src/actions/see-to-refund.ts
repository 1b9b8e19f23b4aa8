import { action, z } from '../core/action.ts'
import { canSeeTo, seeToRefund } from '../domain/refunds/see-to-refund.ts'

/** A refund that failed was given back in another way, or nobody wants it any more: it waits for nobody. */
export default action('refund.see-to', {
  model: 'Refund',
  on: 'record',
  may: ['owner', 'admin', 'manager', 'finance'],
  label: 'Seen to',
  icon: 'CheckSquare',
  form: z.object({
    reason: z.string().trim().min(3).max(500).meta({ label: 'How', help: 'For example: given back in cash instead' }),
  }),
  when: canSeeTo,
  confirm: ({ title }) => `Is the refund ${title} seen to? It will not be tried again.`,
  run: async (work, { record, input }) => {
    await seeToRefund(work, record.id, input.reason)
    return 'The refund waits for nobody any more.'
  },
})
