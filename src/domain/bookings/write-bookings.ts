import type { BookingStatus, Prisma } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { emitAll } from '../../core/events.ts'
import type { Quote } from '../pricing.ts'
import { type Booking, eventOf, stepRow } from './change-status.ts'
import type { PlannedLesson } from './plan-lesson.ts'
import { dueOf } from './schedule-transitions.ts'

/** How a booking begins: as a draft, asked for, held until it is paid, or agreed. */
export type Beginning = Extract<BookingStatus, 'draft' | 'requested' | 'pending_payment' | 'confirmed'>

export interface NewBooking {
  readonly planned: PlannedLesson
  readonly price: Quote
  readonly as: Beginning
  readonly vehicleId: string | null
  /** The same key books once. */
  readonly key: string
  readonly place: Pick<Booking, 'locationId' | 'pickupAddress' | 'notes'> & {
    pickupLat: number | null
    pickupLng: number | null
  }
}

const MINUTE = 60_000

/**
 * Writes bookings of one school with their history, what the clock has to do and their events: with as many statements for
 * half a year as for one lesson.
 */
export async function writeBookings(work: UnitOfWork, wanted: readonly NewBooking[]): Promise<Booking[]> {
  if (wanted.length === 0) return []
  const { orgId, tx } = work
  const made = await tx.booking.createManyAndReturn({ data: wanted.map((one) => rowOf(work, one)) })
  const byKey = new Map(made.map((booking) => [booking.idempotencyKey, booking]))
  const bookings = wanted.map(({ key }) => byKey.get(key)!)
  await tx.lessonStateHistory.createMany({
    data: bookings.map(({ id, status }, index) => {
      const { overridden } = wanted[index]!.planned
      return stepRow(work, {
        bookingId: id,
        from: null,
        to: status,
        ...(overridden.length > 0 ? { metadata: { overridden: [...overridden] } } : {}),
        ...(work.override ? { reason: work.override } : {}),
      })
    }),
  })
  const { rules } = wanted[0]!.planned
  const due = bookings.flatMap((booking) => dueOf(booking, rules).map((one) => ({ bookingId: booking.id, ...one })))
  if (due.length > 0)
    await tx.scheduledStateTransition.createMany({
      data: due.map((one) => ({ orgId, ...one, createdAt: nowOf(work) })),
    })
  await emitAll(
    work,
    bookings.map((booking) => eventOf(`booking.${booking.status as Beginning}`, booking)),
  )
  return bookings
}

function rowOf(work: UnitOfWork, one: NewBooking): Prisma.BookingCreateManyInput {
  const { planned, price, as, vehicleId, key, place } = one
  const now = nowOf(work)
  return {
    orgId: work.orgId,
    studentId: planned.student.id,
    instructorId: planned.instructor.id,
    serviceId: planned.service.id,
    vehicleId,
    startAt: planned.startAt,
    endAt: planned.endAt,
    blockedUntil: planned.blockedUntil,
    status: as,
    statusChangedAt: now,
    statusChangedBy: work.userId,
    holdExpiresAt: as === 'pending_payment' ? new Date(now.getTime() + planned.rules.paymentHoldMin * MINUTE) : null,
    idempotencyKey: key,
    version: 1,
    createdAt: now,
    ...place,
    ...price,
  }
}
