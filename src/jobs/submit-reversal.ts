import { handler } from '../core/handlers.ts'
import { enqueue } from '../core/jobs.ts'
import { reversePayout } from '../stripe/errands.ts'

/** What was agreed to be taken back from an instructor is asked of Stripe. */
export default handler('payout.submit-reversal', {
  topics: ['payout.reversal_agreed'],
  onDead: 'block',
  run: async (work, { payload: { reversalId } }) => {
    await enqueue(work, reversePayout, { reversalId })
    return reversalId
  },
})
