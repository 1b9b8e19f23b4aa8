import type { CancellationActor } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { conflict, forbidden, invalid } from '../../core/errors.ts'
import { formatInstant } from '../../core/time.ts'
import { inHours } from '../availability/eligibility.ts'
import { placeOf } from '../places.ts'
import type { SchoolRules } from '../school.ts'
import { chargeMove, feeForMove } from './charge-move.ts'
import { type Booking, lockBooking, recordStep, tell } from './change-status.ts'
import { chooseVehicle } from './choose-vehicle.ts'
import { pickupOf } from './pickup.ts'
import { planLesson } from './plan-lesson.ts'
import { scheduleTransitions } from './schedule-transitions.ts'
import { isTerminal, mayOverride } from './transitions.ts'

export interface Move {
  readonly startAt: Date
  /** Another instructor; default the same. */
  readonly instructorId?: string
  readonly reason?: string | undefined
  /** On whose behalf: decides whether a fee is due. */
  readonly movedAs?: CancellationActor | undefined
}

/** The booking as it is now, and what the move costs the learner, in cents. */
export type Moved = Booking & { readonly feeCents: number }

/**
 * Moves a lesson to another time or instructor. Its price stays, its old time is kept, and a fee may be due (domain.md,
 * Booking rules).
 * @throws AppError Conflict when it is over or too close; Invalid with every rule that the new time breaks
 */
export async function rescheduleBooking(work: UnitOfWork, id: string, move: Move): Promise<Moved> {
  const booking = await lockBooking(work, id)
  const now = nowOf(work)
  if (isTerminal(booking.status) || booking.status === 'in_progress')
    throw conflict('A lesson that has begun or is over cannot be moved. Book another one.')
  const { studentId, serviceId } = booking
  const instructorId = move.instructorId ?? booking.instructorId
  const staysInTime = move.startAt.getTime() === booking.startAt.getTime()
  if (staysInTime && instructorId === booking.instructorId)
    throw invalid('The lesson is at this time already. Choose another time or instructor.', 'startAt')
  const pickup = await pickupOf(work, { locationId: booking.locationId, pickup: placeOf(pickupOnly(booking)) })
  const wish = { studentId, serviceId, instructorId, startAt: move.startAt, pickup, moving: booking }
  const planned = await planLesson(work, wish)
  const cutoff = booking.startAt.getTime() - planned.rules.rescheduleCutoffMin * 60_000
  const isLate = now.getTime() > cutoff && !staysInTime
  if (isLate && !work.override)
    throw conflict(
      `This lesson starts ${formatInstant(booking.startAt, planned.rules.timeZone, now)}: less than ${inHours(planned.rules.rescheduleCutoffMin)} before its start it can be moved only by an override with a reason.`,
    )
  if (isLate && !mayOverride(work) && work.actorKind === 'user')
    throw forbidden('Only an owner or an admin may override a rule.')
  const feeCents = feeForMove(booking, { rules: planned.rules, movedAs: move.movedAs, staysInTime })
  const length = booking.endAt.getTime() - booking.startAt.getTime()
  const endAt = new Date(move.startAt.getTime() + length)
  // another instructor brings another car
  const vehicleId =
    instructorId === booking.instructorId ? booking.vehicleId : await chooseVehicle(work, planned, { moving: id })
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
  const overridden = [...planned.overridden, ...(isLate ? ['time.cutoff'] : [])]
  await chargeMove(work, booking, feeCents)
  return { ...(await settleMove(work, booking, { rules: planned.rules, move, overridden, feeCents })), feeCents }
}

const pickupOnly = ({ pickupLat, pickupLng }: Booking) => ({ lat: pickupLat, lng: pickupLng })

interface Settled {
  readonly rules: SchoolRules
  readonly move: Move
  readonly overridden: string[]
  readonly feeCents: number
}

async function settleMove(work: UnitOfWork, before: Booking, settled: Settled): Promise<Booking> {
  const { rules, move, overridden, feeCents } = settled
  const booking = await work.tx.booking.findFirstOrThrow({ where: { id: before.id, orgId: work.orgId } })
  const from = { startAt: before.startAt.toISOString(), instructorId: before.instructorId }
  const why = move.reason ?? work.override
  const to = { startAt: booking.startAt.toISOString(), instructorId: booking.instructorId }
  await recordStep(work, {
    bookingId: booking.id,
    from: booking.status,
    to: booking.status,
    ...(why ? { reason: why } : {}),
    metadata: {
      moved: { from, to },
      ...(move.movedAs ? { movedAs: move.movedAs } : {}),
      ...(feeCents > 0 ? { feeCents } : {}),
      ...(overridden.length > 0 ? { overridden } : {}),
    },
  })
  await scheduleTransitions(work, booking, rules)
  await tell(work, 'booking.rescheduled', booking, { from })
  return booking
}
