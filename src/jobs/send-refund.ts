import { handler } from '../core/handlers.ts'
import { enqueue } from '../core/jobs.ts'
import { submitRefund } from '../stripe/errands.ts'

/** A refund to a card was agreed to: Stripe is asked. Other money is handed back by people, or is credit already. */
export default handler('refund.send', {
  topics: ['refund.approved'],
  onDead: 'block',
  run: async (work, { payload: { refundId } }) => {
    const where = { id: refundId, orgId: work.orgId, status: { in: ['approved' as const, 'submitting' as const] } }
    if (!(await work.tx.refund.findFirst({ where, select: { id: true } }))) return 'not for Stripe'
    return await enqueue(work, submitRefund, { refundId })
  },
})
