import { action } from '../core/action.ts'
import { describeRefund } from '../domain/refunds/describe-refund.ts'
import { canRetry, retryRefund } from '../domain/refunds/retry-refund.ts'

/** Tries a refund again that has failed. */
export default action('refund.retry', {
  model: 'Refund',
  on: 'record',
  may: ['owner', 'admin', 'manager', 'finance'],
  label: 'Try again',
  icon: 'RotateCw',
  reauth: true,
  when: canRetry,
  confirm: ({ title }) => `Try the refund ${title} again?`,
  run: async (work, { record }) => {
    const refund = await retryRefund(work, record.id)
    return { message: await describeRefund(work, refund), open: { model: 'Refund', id: refund.id } }
  },
})
