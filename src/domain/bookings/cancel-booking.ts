import type { CancellationActor } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { type Settlement, settle, tierOf } from '../cancellation.ts'
import { rulesOf } from '../school.ts'
import { type Booking, changeStatus, lockBooking } from './change-status.ts'
import { scheduleTransitions } from './schedule-transitions.ts'

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
  const tier =
    refundPercentage === undefined
      ? await tierOf(work, { actor: cancelledAs, startAt: booking.startAt, cancelledAt })
      : { id: null, refundPercentage, feeCents: 0 }
  const settlement = settle(booking.priceCents, tier, booking.platformFeeBps)
  const cancelled = await changeStatus(work, booking, {
    to: 'cancelled',
    reason,
    metadata: { cancelledAs, refundPercentage: tier.refundPercentage, ...settlement },
    data: {
      cancelledAs,
      cancelledAt,
      cancelledBy: work.userId,
      cancellationReason: reason,
      policyId: tier.id,
      holdExpiresAt: null,
    },
  })
  await scheduleTransitions(work, cancelled, await rulesOf(work))
  return { booking: cancelled, settlement }
}
