import { action } from '../core/action.ts'
import { cancelBatch, canRevise } from '../domain/payouts/decide-batch.ts'

/** Gives a batch up; its payouts wait for another one. */
export default action('payout-batch.cancel', {
  model: 'PayoutBatch',
  on: 'record',
  may: ['owner', 'finance'],
  label: 'Cancel batch',
  done: 'canceled',
  icon: 'Trash2',
  danger: true,
  when: (batch) => batch.status === 'draft' || canRevise(batch) || 'This batch is being paid, or is over.',
  confirm: ({ title }) => `Cancel ${title}? Its payouts wait for another batch.`,
  run: (work, { record }) => cancelBatch(work, record.id),
})
