import { handler } from '../core/handlers.ts'
import { enqueue } from '../core/jobs.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { FEES, UNDER_WAY } from '../domain/payments/payment.ts'
import { closePayment } from '../stripe/errands.ts'

/**
 * A lesson that was called off, or whose hold has ended, is not paid any more. A fee that is due for having moved it stays
 * due, unless the instructor or the school calls the lesson off: nobody pays for having moved what then is not given.
 */
export default handler('payment.release', {
  topics: ['booking.cancelled'],
  onDead: 'block',
  run: async (work, { payload: { bookingId } }) => {
    const purpose = { in: ['lesson' as const, ...((await isOwnDoing(work, bookingId)) ? FEES : [])] }
    const where = { orgId: work.orgId, bookingId, purpose, method: 'card' as const, status: { in: [...UNDER_WAY] } }
    const payments = await work.tx.payment.findMany({ where, select: { id: true } })
    for (const { id } of payments) await enqueue(work, closePayment, { paymentId: id })
    return payments[0]?.id
  },
})

/** Whether it was the instructor or the school who called it off. */
async function isOwnDoing({ tx, orgId }: UnitOfWork, id: string): Promise<boolean> {
  const booking = await tx.booking.findFirst({ where: { id, orgId }, select: { cancelledAs: true } })
  return booking?.cancelledAs === 'instructor' || booking?.cancelledAs === 'admin'
}
