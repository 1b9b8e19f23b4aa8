import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { reconcileBooks } from '../stripe/errands.ts'

/** For who does not want to wait for the night. It compares and writes down; nothing is put right. */
export default action('reconciliation-run.start', {
  model: 'ReconciliationRun',
  on: 'resource',
  may: ['owner', 'finance'],
  label: 'Compare now',
  icon: 'RefreshCw',
  run: async (work) => {
    await enqueue(work, reconcileBooks, { only: work.orgId })
    return 'Stripe and the books are being compared; the result is here in a moment.'
  },
})
