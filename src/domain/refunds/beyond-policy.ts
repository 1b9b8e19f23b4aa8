import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Payment } from '../payments/payment.ts'
import { standingOf } from './refund.ts'

/**
 * Whether a refund would give back what the policy keeps: of a lesson that was missed, or called off too late, more than
 * its policy gave.
 * @param amountCents all that is left when nothing is said
 */
export async function goesBeyondPolicy(
  work: UnitOfWork,
  payment: Payment,
  amountCents: number | undefined,
): Promise<boolean> {
  const { tx, orgId } = work
  if (payment.purpose !== 'lesson' || !payment.bookingId) return false
  const where = { id: payment.bookingId, orgId }
  const booking = await tx.booking.findFirstOrThrow({ where, select: { status: true, policyId: true } })
  const isKept = booking.status === 'no_show' || (booking.status === 'cancelled' && booking.policyId !== null)
  if (!isKept) return false
  // also one that has failed: what the policy gave is still the learner's
  const given = await tx.refund.aggregate({
    where: { orgId, paymentId: payment.id, reasonCode: { in: ['policy', 'instructor_cancelled'] } },
    _max: { amountCents: true },
  })
  const { leftCents } = await standingOf(work, payment)
  const goneAfter = payment.amountCents - leftCents + (amountCents ?? leftCents)
  return goneAfter > (given['_max'].amountCents ?? 0)
}
