import type { BookingStatus, Prisma } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import type { Taken } from '../../core/declaration.ts'
import { conflict, invalid } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import { splitFee } from '../../core/money.ts'
import { formatInstant } from '../../core/time.ts'
import { overriding } from '../override.ts'
import { pricesOf } from '../pricing.ts'
import { type SchoolRules, rulesOf } from '../school.ts'
import { type Booking, eventOf, recordStep } from './change-status.ts'
import { chooseVehicle } from './choose-vehicle.ts'
import { lockCalendars } from './lock-calendars.ts'
import { pickupOf } from './pickup.ts'
import { planLesson } from './plan-lesson.ts'
import { scheduleTransitions } from './schedule-transitions.ts'
import { mayOverride } from './transitions.ts'

/** What a row must say. */
export const needs = ['studentId', 'instructorId', 'serviceId', 'startAt'] as const

/** A lesson as another system kept it; the operation knows what is left out. */
export type ImportedLesson = Pick<Booking, (typeof needs)[number]> & Partial<Booking>

/** How a lesson may stand that comes from elsewhere: agreed when it is to come, the rest when it is over. */
export const importedStatuses = ['confirmed', 'completed', 'cancelled', 'no_show'] as const satisfies BookingStatus[]

const REASON = 'Imported'
const MINUTE = 60_000

type Standing = Pick<Prisma.BookingUncheckedCreateInput, 'vehicleId' | 'cancelledAt' | 'cancellationReason'> &
  Pick<Booking, 'status' | 'endAt' | 'blockedUntil'> & {
    readonly statusChangedAt: Date
    readonly overridden: readonly string[]
  }

/**
 * Takes a lesson over from another system, once. One to come is held to the rules of a booking; where its importer may
 * override, soft ones give way. One that is over is written down as it was: of the rules only that nobody was in two places.
 * Nobody is told of either.
 * @throws AppError with the reason why it cannot be
 */
export async function importBooking(work: UnitOfWork, lesson: ImportedLesson): Promise<Booking> {
  const { orgId, tx } = work
  const { studentId, instructorId, serviceId, startAt } = lesson
  await lockCalendars(work, { studentIds: [studentId], instructorIds: [instructorId] })
  const rules = await rulesOf(work)
  const idempotencyKey = keyOf(lesson)
  await refuseKnown(work, idempotencyKey)
  const isToCome = startAt > nowOf(work)
  const { overridden, ...standing } = isToCome ? await toCome(work, lesson, rules) : await over(work, lesson, rules)
  if (overridden.length > 0) await overriding(work, REASON)
  const booking = await tx.booking.create({
    data: {
      orgId,
      studentId,
      instructorId,
      serviceId,
      startAt,
      idempotencyKey,
      ...(await priceOf(work, lesson, rules)),
      ...standing,
      locationId: lesson.locationId ?? null,
      pickupAddress: lesson.pickupAddress ?? null,
      notes: lesson.notes ?? null,
      statusChangedBy: work.userId,
      version: 1,
      createdAt: nowOf(work),
    },
  })
  await recordStep(work, {
    bookingId: booking.id,
    from: null,
    to: booking.status,
    reason: REASON,
    metadata: { imported: true, ...(overridden.length > 0 ? { overridden: [...overridden] } : {}) },
  })
  if (booking.status === 'completed') await writeLesson(work, booking)
  await scheduleTransitions(work, booking, rules)
  await tellNobody(work, booking)
  return booking
}

/** The same lesson of another file, or of the same one again. A cancelled one leaves room for another at its time. */
const keyOf = ({ studentId, instructorId, startAt, status }: ImportedLesson): string =>
  ['import', studentId, instructorId, startAt.toISOString(), ...(status === 'cancelled' ? [status] : [])].join(':')

async function refuseKnown({ orgId, tx }: UnitOfWork, idempotencyKey: string): Promise<void> {
  const known = await tx.booking.findFirst({ where: { orgId, idempotencyKey }, select: { id: true } })
  if (known) throw conflict('This lesson has been imported already. Leave the row out.')
}

async function toCome(work: UnitOfWork, lesson: ImportedLesson, { timeZone }: SchoolRules): Promise<Standing> {
  const { studentId, instructorId, serviceId, startAt, endAt, status = 'confirmed', vehicleId, locationId } = lesson
  if (status !== 'confirmed')
    throw invalid(
      `${formatInstant(startAt, timeZone, nowOf(work))} is still to come: its status is Confirmed. Leave lessons out that do not take place.`,
      'status',
    )
  const allowed: UnitOfWork = mayOverride(work) ? { ...work, override: REASON } : work
  const planned = await planLesson(allowed, {
    studentId,
    instructorId,
    serviceId,
    startAt,
    minutes: endAt && (endAt.getTime() - startAt.getTime()) / MINUTE,
    pickup: await pickupOf(work, { locationId: locationId ?? null }),
  })
  return {
    status,
    endAt: planned.endAt,
    blockedUntil: planned.blockedUntil,
    vehicleId: await chooseVehicle(work, planned, { vehicleId }),
    statusChangedAt: nowOf(work),
    overridden: planned.overridden,
  }
}

async function over(work: UnitOfWork, lesson: ImportedLesson, { timeZone }: SchoolRules): Promise<Standing> {
  const { serviceId, startAt, status, vehicleId = null, cancelledAt, cancellationReason } = lesson
  const when = formatInstant(startAt, timeZone, nowOf(work))
  if (!status || status === 'confirmed')
    throw invalid(`${when} has passed: say whether it was Completed, Cancelled or a No-show.`, 'status')
  const service = await work.tx.service.findFirstOrThrow({ where: { id: serviceId, orgId: work.orgId } })
  const endAt = lesson.endAt ?? new Date(startAt.getTime() + service.durationMin * MINUTE)
  const standing = { status, endAt, blockedUntil: endAt, vehicleId, overridden: [] }
  if (status === 'cancelled') {
    const at = cancelledAt ?? startAt
    if (at > nowOf(work)) throw invalid('It cannot have been cancelled in the future. Correct the time.', 'cancelledAt')
    return {
      ...standing,
      statusChangedAt: at,
      cancelledAt: at,
      cancellationReason: cancellationReason ?? REASON,
    }
  }
  if (endAt > nowOf(work)) throw invalid(`The lesson of ${when} is not over yet. Import it when it has ended.`, 'endAt')
  return { ...standing, statusChangedAt: endAt }
}

/** What was agreed, or the school's price for its time; the platform's share is today's. */
async function priceOf(work: UnitOfWork, { serviceId, startAt, priceCents }: ImportedLesson, rules: SchoolRules) {
  if (priceCents === undefined) return (await pricesOf(work, serviceId, rules))(startAt)
  if (priceCents < 0) throw invalid('The price cannot be less than nothing. Correct it.', 'priceCents')
  const { currency, platformFeeBps } = rules
  return { currency, priceCents, platformFeeBps, ...splitFee(priceCents, platformFeeBps) }
}

async function writeLesson(work: UnitOfWork, booking: Booking): Promise<void> {
  const { id: bookingId, instructorId, studentId, startAt: startedAt, endAt: endedAt } = booking
  const durationSec = Math.round((endedAt.getTime() - startedAt.getTime()) / 1000)
  await work.tx.lesson.create({
    data: { orgId: work.orgId, bookingId, instructorId, studentId, startedAt, endedAt, durationSec },
    select: { id: true },
  })
}

/** The event is kept for the history, as one that has been dealt with: the people agreed on this lesson elsewhere. */
async function tellNobody(work: UnitOfWork, booking: Booking): Promise<void> {
  const { status, id } = booking
  await emit(work, eventOf(`booking.${status as (typeof importedStatuses)[number]}`, booking))
  await work.tx.outbox.updateMany({
    where: { orgId: work.orgId, aggregateType: 'Booking', aggregateId: id, relayedAt: null },
    data: { relayedAt: nowOf(work), processedAt: nowOf(work) },
  })
}

/** Whose time a booking takes, as the database keeps it apart. */
export function takenBy(booking: Booking): Taken[] {
  const { idempotencyKey, status, studentId, instructorId, vehicleId, startAt: from, endAt: to, blockedUntil } = booking
  if (status === 'cancelled') return [{ what: 'cancelled lesson', id: idempotencyKey!, from, to }]
  return [
    { what: 'student', id: studentId, from, to },
    { what: 'instructor', id: instructorId, from, to: blockedUntil },
    ...(vehicleId ? [{ what: 'vehicle', id: vehicleId, from, to }] : []),
  ]
}
