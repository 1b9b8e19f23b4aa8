import type { BookingStatus } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import type { SchoolRules } from '../school.ts'
import type { Booking } from './change-status.ts'

/** Why the clock will change a booking; also what the history then says. */
export type ClockReason = 'draft_expired' | 'hold_expired' | 'no_show_flag' | 'no_show'

interface Due {
  readonly reason: ClockReason
  readonly toStatus: BookingStatus
  readonly executeAt: Date
}

const MINUTE = 60_000
/** Minutes after the start at which somebody is asked where the learner is. */
const FLAG_AFTER = 15

/** What the clock does to a booking that stays as it is now. */
export function dueOf(booking: Booking, rules: Pick<SchoolRules, 'draftTtlMin' | 'noShowGraceMin'>): Due[] {
  const after = (instant: Date, minutes: number) => new Date(instant.getTime() + minutes * MINUTE)
  switch (booking.status) {
    case 'draft':
      return [
        { reason: 'draft_expired', toStatus: 'cancelled', executeAt: after(booking.createdAt, rules.draftTtlMin) },
      ]
    case 'pending_payment':
      return [{ reason: 'hold_expired', toStatus: 'cancelled', executeAt: booking.holdExpiresAt! }]
    case 'confirmed':
    case 'scheduled':
      return [
        { reason: 'no_show_flag', toStatus: 'no_show', executeAt: after(booking.startAt, FLAG_AFTER) },
        { reason: 'no_show', toStatus: 'no_show', executeAt: after(booking.endAt, rules.noShowGraceMin) },
      ]
    default:
      return []
  }
}

/** Writes down what the clock has to do, in the transaction that made it due; what was written before no longer counts. */
export async function scheduleTransitions(work: UnitOfWork, booking: Booking, rules: SchoolRules): Promise<void> {
  const { orgId } = work
  await work.tx.scheduledStateTransition.updateMany({
    where: { orgId, bookingId: booking.id, processedAt: null },
    data: { processedAt: nowOf(work), metadata: { superseded: true } },
  })
  const due = dueOf(booking, rules)
  if (due.length === 0) return
  await work.tx.scheduledStateTransition.createMany({
    data: due.map((one) => ({ orgId, bookingId: booking.id, ...one, createdAt: nowOf(work) })),
  })
}
