import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Payment } from '../payments/payment.ts'

/**
 * Whether what was paid for a lesson is earned already, so that platform and instructor give back their parts: the books
 * hold less for the learner than is to go back.
 * @param amountCents to go back
 */
export async function isEarned(
  { tx, orgId }: UnitOfWork,
  { id, bookingId, purpose }: Payment,
  amountCents: number,
): Promise<boolean> {
  if (purpose !== 'lesson' || !bookingId) return false
  const about = { where: { orgId, paymentId: id }, select: { id: true } }
  const [refunds, disputes] = [await tx.refund.findMany(about), await tx.dispute.findMany(about)]
  const { _sum: sum } = await tx.ledgerEntry.aggregate({
    where: {
      orgId,
      account: 'unearned_lessons',
      transaction: {
        OR: [
          { refType: 'Payment', refId: id },
          { refType: 'Booking', refId: bookingId },
          { refType: { in: ['Refund', 'Dispute'] }, refId: { in: [...refunds, ...disputes].map((one) => one.id) } },
        ],
      },
    },
    _sum: { amountCents: true },
  })
  // of what is in no books nothing is earned; what is owed to a learner is a credit
  return sum.amountCents !== null && 0 - sum.amountCents < amountCents
}
