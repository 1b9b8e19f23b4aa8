import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import { formatInstant } from '../../core/time.ts'
import { type Booking, lockBooking, recordStep, tell } from './change-status.ts'
import { planLesson, usualVehicle } from './plan-lesson.ts'
import { scheduleTransitions } from './schedule-transitions.ts'
import { isTerminal } from './transitions.ts'

export interface Move {
  readonly startAt: Date
  /** Another instructor; default the same. */
  readonly instructorId?: string
  readonly reason?: string | undefined
}

/**
 * Moves a lesson to another time or instructor. Its price stays, its old time is kept (domain.md, Booking rules).
 * @throws AppError Conflict when it is over or too close; Invalid with every rule that the new time breaks
 */
export async function rescheduleBooking(work: UnitOfWork, id: string, move: Move): Promise<Booking> {
  const booking = await lockBooking(work, id)
  const now = nowOf(work)
  if (isTerminal(booking.status) || booking.status === 'in_progress')
    throw conflict('A lesson that has begun or is over cannot be moved. Book another one.')
  const { studentId, serviceId } = booking
  const instructorId = move.instructorId ?? booking.instructorId
  const planned = await planLesson(work, { studentId, serviceId, instructorId, startAt: move.startAt, moving: id })
  const cutoff = booking.startAt.getTime() - planned.rules.rescheduleCutoffMin * 60_000
  if (now.getTime() > cutoff && !work.override)
    throw conflict(
      `This lesson starts ${formatInstant(booking.startAt, planned.rules.timeZone, now)}: less than ${planned.rules.rescheduleCutoffMin / 60} hours before its start it can be moved only by an override with a reason.`,
    )
  const length = booking.endAt.getTime() - booking.startAt.getTime()
  const endAt = new Date(move.startAt.getTime() + length)
  // another instructor brings another car
  const vehicleId =
    instructorId === booking.instructorId ? booking.vehicleId : ((await usualVehicle(work, planned))?.id ?? null)
  const { count } = await work.tx.booking.updateMany({
    where: { id, orgId: work.orgId, version: booking.version, status: booking.status },
    data: {
      startAt: move.startAt,
      endAt,
      blockedUntil: new Date(endAt.getTime() + (planned.blockedUntil.getTime() - planned.endAt.getTime())),
      instructorId,
      vehicleId,
      rescheduledFrom: booking.startAt,
      rescheduledAt: now,
      rescheduleReason: move.reason ?? work.override ?? null,
      rescheduleCount: booking.rescheduleCount + 1,
      version: booking.version + 1,
    },
  })
  if (count === 0) throw conflict('Somebody changed this booking at the same moment. Load it again.')
  return await settleMove(work, booking, { planned, move })
}

async function settleMove(
  work: UnitOfWork,
  before: Booking,
  { planned, move }: { planned: Awaited<ReturnType<typeof planLesson>>; move: Move },
): Promise<Booking> {
  const booking = await work.tx.booking.findFirstOrThrow({ where: { id: before.id, orgId: work.orgId } })
  const from = { startAt: before.startAt.toISOString(), instructorId: before.instructorId }
  const to = { startAt: booking.startAt.toISOString(), instructorId: booking.instructorId }
  await recordStep(work, {
    bookingId: booking.id,
    from: booking.status,
    to: booking.status,
    ...(move.reason ? { reason: move.reason } : {}),
    metadata: { moved: { from, to }, overridden: [...planned.overridden] },
  })
  await scheduleTransitions(work, booking, planned.rules)
  await tell(work, 'booking.rescheduled', booking, { from })
  return booking
}
