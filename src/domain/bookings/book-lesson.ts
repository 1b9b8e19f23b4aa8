import type { BookingStatus } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { quote } from '../pricing.ts'
import { type Booking, recordStep, tell } from './change-status.ts'
import { chooseVehicle } from './choose-vehicle.ts'
import { lockCalendars } from './lock-calendars.ts'
import { pickupOf } from './pickup.ts'
import { planLesson, type Wish } from './plan-lesson.ts'
import { scheduleTransitions } from './schedule-transitions.ts'

export interface Order extends Omit<Wish, 'moving'> {
  /** How it begins: as a draft, asked for, held until it is paid, or agreed. */
  readonly as: Extract<BookingStatus, 'draft' | 'requested' | 'pending_payment' | 'confirmed'>
  readonly vehicleId?: string | undefined
  /** Where they meet when no pickup is named. */
  readonly locationId?: string | undefined
  readonly pickupAddress?: string | undefined
  readonly notes?: string | undefined
  /** The same key books once, however often it is sent. */
  readonly key: string
}

const MINUTE = 60_000

/**
 * Books a lesson at today's price for its time. The slot is the database's to give: of two at the same moment one is refused.
 * @throws AppError with every rule that it breaks, each with its field and what to do
 */
export async function bookLesson(work: UnitOfWork, order: Order): Promise<Booking> {
  // whoever sends it twice at the same moment waits here, and then finds what the first has booked
  await lockCalendars(work, { studentIds: [order.studentId] })
  const again = await work.tx.booking.findFirst({ where: { orgId: work.orgId, idempotencyKey: order.key } })
  if (again) return again
  const pickup = await pickupOf(work, order)
  const planned = await planLesson(work, { ...order, pickup })
  const price = await quote(work, order)
  const now = nowOf(work)
  const holdExpiresAt =
    order.as === 'pending_payment' ? new Date(now.getTime() + planned.rules.paymentHoldMin * MINUTE) : null
  const booking = await work.tx.booking.create({
    data: {
      orgId: work.orgId,
      studentId: order.studentId,
      instructorId: order.instructorId,
      serviceId: order.serviceId,
      vehicleId: await chooseVehicle(work, planned, { vehicleId: order.vehicleId }),
      locationId: order.locationId ?? null,
      pickupAddress: order.pickupAddress ?? null,
      pickupLat: order.pickup?.lat ?? null,
      pickupLng: order.pickup?.lng ?? null,
      notes: order.notes ?? null,
      startAt: planned.startAt,
      endAt: planned.endAt,
      blockedUntil: planned.blockedUntil,
      status: order.as,
      statusChangedAt: now,
      statusChangedBy: work.userId,
      holdExpiresAt,
      idempotencyKey: order.key,
      version: 1,
      createdAt: now,
      ...price,
    },
  })
  await recordStep(work, {
    bookingId: booking.id,
    from: null,
    to: order.as,
    ...(planned.overridden.length > 0 ? { metadata: { overridden: [...planned.overridden] } } : {}),
    ...(work.override ? { reason: work.override } : {}),
  })
  await scheduleTransitions(work, booking, planned.rules)
  await tell(work, `booking.${order.as}`, booking)
  return booking
}
