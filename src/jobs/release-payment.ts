import { handler } from '../core/handlers.ts'
import { enqueue } from '../core/jobs.ts'
import { UNDER_WAY } from '../domain/payments/payment.ts'
import { closePayment } from '../stripe/errands.ts'

/** A lesson that was called off, or whose hold has ended, is not paid any more. */
export default handler('payment.release', {
  topics: ['booking.cancelled'],
  onDead: 'block',
  run: async (work, { payload: { bookingId } }) => {
    // a fee for moving it is still due
    const about = { bookingId, purpose: 'lesson', method: 'card' } as const
    const where = { orgId: work.orgId, ...about, status: { in: [...UNDER_WAY] } }
    const payments = await work.tx.payment.findMany({ where, select: { id: true } })
    for (const { id } of payments) await enqueue(work, closePayment, { paymentId: id })
    return payments[0]?.id
  },
})
