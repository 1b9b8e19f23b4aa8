import { action } from '../core/action.ts'
import { approveReversal, mayDecideReversal } from '../domain/payouts/decide-reversal.ts'

/** Agrees that part of a transfer is taken back. */
export default action('transfer-reversal.approve', {
  model: 'TransferReversal',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Approve',
  icon: 'CheckCircle',
  reauth: true,
  when: mayDecideReversal,
  confirm: ({ title }) => `Take back ${title}?`,
  run: async (work, { record }) => {
    await approveReversal(work, record.id)
    return 'Stripe is being asked to take it back.'
  },
})
