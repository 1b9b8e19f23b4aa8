import type { CancellationActor } from '@prisma/client'
import { splitPart } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { NOTHING_PAID, type Settlement, settle, type Tier } from '../cancellation.ts'
import { lockPaymentAlone, type Payment, RECEIVED } from '../payments/payment.ts'
import { disputeAgainst } from './dispute-against.ts'
import { type Refund, type Standing, standingOf } from './refund.ts'
import { requestRefund } from './request-refund.ts'

/** What was paid for a lesson and is still there; the payment is locked. */
export interface Paid {
  readonly payment: Payment
  readonly standing: Standing
  /** Why nothing can go back now: its bank is deciding about it. */
  readonly withheld: string | null
}

/** @returns null when nobody has paid */
export async function lockPaid(work: UnitOfWork, bookingId: string): Promise<Paid | null> {
  const { tx, orgId } = work
  const where = { orgId, bookingId, purpose: 'lesson' as const, status: { in: [...RECEIVED] } }
  const found = await tx.payment.findFirst({ where, select: { id: true } })
  if (!found) return null
  const payment = await lockPaymentAlone(work, found.id)
  return { payment, standing: await standingOf(work, payment), withheld: await disputeAgainst(work, payment) }
}

type Terms = Pick<Tier, 'refundPercentage' | 'feeCents'>

/** What the terms give back of what is still there, and what of it is kept: the parts add up to the payment's own. */
export function settlementFor(paid: Paid | null, terms: Terms, feeBps: number): Settlement {
  if (!paid) return NOTHING_PAID
  const { payment, standing } = paid
  const { gone, leftCents } = standing
  const settlement = settle(leftCents, terms, feeBps)
  const back = splitPart(settlement.refundCents, payment, gone)
  return {
    ...settlement,
    keptFeeCents: payment.platformFeeCents - gone.platformFeeCents - back.platformFeeCents,
    keptShareCents: payment.instructorShareCents - gone.instructorShareCents - back.instructorShareCents,
  }
}

interface CalledOff {
  readonly booking: { readonly id: string; readonly version: number }
  readonly cancelledAs: CancellationActor
  readonly reason: string
  readonly tier: Omit<Tier, 'id'>
  readonly refundCents: number
}

/** The lesson was called off: what its policy gives back is on its way, or waits for its approval. */
export async function refundCancelled(
  work: UnitOfWork,
  { payment, withheld }: Paid,
  off: CalledOff,
): Promise<Refund | null> {
  const { booking, cancelledAs, reason, tier, refundCents } = off
  if (refundCents === 0 || withheld) return null
  const { hoursBeforeStart, refundPercentage, feeCents } = tier
  return await requestRefund(work, {
    paymentId: payment.id,
    amountCents: refundCents,
    reasonCode: cancelledAs === 'instructor' ? 'instructor_cancelled' : 'policy',
    reason,
    policySnapshot: { actor: cancelledAs, hoursBeforeStart, refundPercentage, feeCents },
    key: `cancelled:${booking.id}:${booking.version}`,
  })
}
