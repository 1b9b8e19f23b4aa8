import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { refundAgreed } from '../ledger/facts.ts'
import { post } from '../ledger/post.ts'
import { timesTold } from '../ledger/take-back.ts'
import type { Payment } from '../payments/payment.ts'
import { followRefund } from '../payouts/follow-refund.ts'
import { isEarned } from './earned.ts'
import { giveCredit } from './give-credit.ts'
import { takeFromPackage } from './package-credit.ts'
import { type Refund, tellRefund } from './refund.ts'
import { settleRefund } from './settle-refund.ts'

/**
 * What follows once a refund is agreed to, by a person or by the school's limit: the books say who bears it, the
 * instructor's payout follows, and the money is on its way. Both rows are locked.
 */
export async function agreeRefund(work: UnitOfWork, payment: Payment, refund: Refund): Promise<Refund> {
  const earned = await isEarned(work, payment, refund.amountCents)
  const instructorId = await instructorOf(work, payment)
  const fact = refundAgreed({ ...refund, earned, instructorId, purpose: payment.purpose })
  const times = await timesTold(work, fact)
  await post(work, times === 0 ? fact : { ...fact, part: String(times + 1) })
  if (payment.purpose === 'package') await takeFromPackage(work, payment, refund)
  await followRefund(work, refund)
  await tellRefund(work, 'refund.approved', refund)
  if (refund.method === 'original') return refund
  await giveCredit(work, payment, refund)
  return await settleRefund(work, payment, refund)
}

async function instructorOf({ tx, orgId }: UnitOfWork, { bookingId }: Payment): Promise<string | null> {
  if (!bookingId) return null
  const booking = await tx.booking.findFirst({ where: { id: bookingId, orgId }, select: { instructorId: true } })
  return booking?.instructorId ?? null
}
