import type { CancellationActor } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { NOTHING_PAID, type Settlement, type Tier, isUnpaid, tierOf } from '../cancellation.ts'
import { endTrips } from '../lessons/end-trips.ts'
import type { Refund } from '../refunds/refund.ts'
import { lockPaid, refundCancelled, settlementFor } from '../refunds/refund-cancelled.ts'
import { type Booking, changeStatus, lockBooking } from './change-status.ts'
import { requireTransition } from './transitions.ts'

export interface Cancellation {
  /** On whose behalf: decides what is given back. */
  readonly cancelledAs: CancellationActor
  readonly reason: string
  /** Whole percent given back; only the school itself may choose it. */
  readonly refundPercentage?: number | undefined
}

/** A lesson that was called off, and what comes of what was paid for it. */
export interface Cancelled {
  readonly booking: Booking
  readonly settlement: Settlement
  /** By which terms; null when the lesson was not agreed yet. */
  readonly tier: Terms | null
  /** Null when nothing goes back. */
  readonly refund: Refund | null
  /** Why nothing can go back now, though the terms would give it. */
  readonly withheld: string | null
}

/**
 * Calls a lesson off and frees its slot. What was paid goes back by the tier of its notice, in the same transaction.
 * @throws AppError Conflict when it is over, Invalid when no policy says what is given back
 */
export async function cancelBooking(
  work: UnitOfWork,
  id: string,
  { cancelledAs, reason, refundPercentage }: Cancellation,
): Promise<Cancelled> {
  const booking = await lockBooking(work, id)
  const cancelledAt = nowOf(work)
  if (reason.trim() === '') throw invalid('Say why the lesson is cancelled.', 'reason')
  if (refundPercentage !== undefined && cancelledAs !== 'admin')
    throw invalid('Only a cancellation by the school chooses what is refunded.', 'refundPercentage')
  if (refundPercentage !== undefined && !isWholePercent(refundPercentage))
    throw invalid('The refund is a whole number from 0 to 100 %.', 'refundPercentage')
  await requireTransition(work, booking, 'cancelled', cancelledAt)
  const paid = await lockPaid(work, id)
  const tier = await termsOf(work, booking, { cancelledAs, cancelledAt, refundPercentage })
  const settlement = tier ? settlementFor(paid, tier, booking.platformFeeBps) : NOTHING_PAID
  const cancelled = await changeStatus(work, booking, {
    to: 'cancelled',
    reason,
    metadata: { cancelledAs, refundPercentage: tier?.refundPercentage ?? null, ...settlement },
    data: {
      cancelledAs,
      cancelledAt,
      cancelledBy: work.userId,
      cancellationReason: reason,
      policyId: tier?.id ?? null,
      holdExpiresAt: null,
    },
  })
  if (booking.status === 'in_progress') await breakOff(work, id, cancelledAt)
  const { refundCents } = settlement
  const refund =
    paid && tier
      ? await refundCancelled(work, paid, { booking: cancelled, cancelledAs, reason, tier, refundCents })
      : null
  return { booking: cancelled, settlement, tier, refund, withheld: paid?.withheld ?? null }
}

/** A lesson that had begun ends here, and with it what is recorded of it. */
async function breakOff(work: UnitOfWork, bookingId: string, endedAt: Date): Promise<void> {
  const where = { bookingId, orgId: work.orgId, endedAt: null, startedAt: { not: null, lte: endedAt } }
  const lesson = await work.tx.lesson.findFirst({ where })
  if (!lesson) return
  const durationSec = Math.round((endedAt.getTime() - lesson.startedAt!.getTime()) / 1000)
  const distanceMeters = await endTrips(work, lesson.id, endedAt)
  await work.tx.lesson.updateMany({ where, data: { endedAt, durationSec, distanceMeters } })
}

const isWholePercent = (percent: number): boolean => Number.isInteger(percent) && percent >= 0 && percent <= 100

/** What is given back at a notice: a tier of the school's policy, or what the school itself has chosen. */
type Terms = Omit<Tier, 'id'> & { readonly id: string | null }

interface Asked extends Pick<Cancellation, 'cancelledAs' | 'refundPercentage'> {
  readonly cancelledAt: Date
}

/** By which terms a cancellation at this moment gives back; null when nobody can have paid. @throws AppError Invalid without a policy */
async function termsOf(
  work: UnitOfWork,
  booking: Pick<Booking, 'status' | 'startAt'>,
  { cancelledAs, cancelledAt, refundPercentage }: Asked,
): Promise<Terms | null> {
  if (isUnpaid(booking.status)) return null
  if (refundPercentage !== undefined) return { id: null, hoursBeforeStart: 0, refundPercentage, feeCents: 0 }
  return await tierOf(work, { actor: cancelledAs, startAt: booking.startAt, cancelledAt })
}
