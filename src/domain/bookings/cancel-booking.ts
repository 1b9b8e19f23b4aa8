import type { CancellationActor } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { NOTHING_PAID, type Settlement, isUnpaid, settle, tierOf } from '../cancellation.ts'
import { endTrips } from '../lessons/end-trips.ts'
import { type Booking, changeStatus, lockBooking } from './change-status.ts'
import { requireTransition } from './transitions.ts'

export interface Cancellation {
  /** On whose behalf: decides what is given back. */
  readonly cancelledAs: CancellationActor
  readonly reason: string
  /** Whole percent given back; only the school itself may choose it. */
  readonly refundPercentage?: number | undefined
}

/**
 * Calls a lesson off and frees its slot.
 * @returns the booking and what is given back of the price, by the tier of its notice
 * @throws AppError Conflict when it is over, Invalid when no policy says what is given back
 */
export async function cancelBooking(
  work: UnitOfWork,
  id: string,
  { cancelledAs, reason, refundPercentage }: Cancellation,
): Promise<{ booking: Booking; settlement: Settlement }> {
  const booking = await lockBooking(work, id)
  const cancelledAt = nowOf(work)
  if (reason.trim() === '') throw invalid('Say why the lesson is cancelled.', 'reason')
  if (refundPercentage !== undefined && cancelledAs !== 'admin')
    throw invalid('Only a cancellation by the school chooses what is refunded.', 'refundPercentage')
  if (refundPercentage !== undefined && !isWholePercent(refundPercentage))
    throw invalid('The refund is a whole number from 0 to 100 %.', 'refundPercentage')
  await requireTransition(work, booking, 'cancelled', cancelledAt)
  const { tier, settlement } = await settlementOf(work, booking, { cancelledAs, cancelledAt, refundPercentage })
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
  return { booking: cancelled, settlement }
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

interface Terms extends Pick<Cancellation, 'cancelledAs' | 'refundPercentage'> {
  readonly cancelledAt: Date
}

/** What a cancellation at this moment gives back; also what its preview shows. @throws AppError Invalid without a policy */
export async function settlementOf(
  work: UnitOfWork,
  booking: Pick<Booking, 'status' | 'startAt' | 'priceCents' | 'platformFeeBps'>,
  { cancelledAs, cancelledAt, refundPercentage }: Terms,
): Promise<{ tier: { id: string | null; refundPercentage: number } | null; settlement: Settlement }> {
  if (isUnpaid(booking.status)) return { tier: null, settlement: NOTHING_PAID }
  const tier =
    refundPercentage === undefined
      ? await tierOf(work, { actor: cancelledAs, startAt: booking.startAt, cancelledAt })
      : { id: null, refundPercentage, feeCents: 0 }
  return { tier, settlement: settle(booking.priceCents, tier, booking.platformFeeBps) }
}
