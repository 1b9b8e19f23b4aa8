import { action } from '../core/action.ts'
import { approveRefund, mayDecide } from '../domain/refunds/decide-refund.ts'
import { describeRefund } from '../domain/refunds/describe-refund.ts'

/** A second person agrees, and the money is on its way. */
export default action('refund.approve', {
  model: 'Refund',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Approve',
  done: 'approved',
  icon: 'CheckCircle',
  reauth: true,
  when: mayDecide,
  confirm: ({ title }) => `Approve the refund ${title}?`,
  run: async (work, { record }) => await describeRefund(work, await approveRefund(work, record.id)),
})
