import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { pricesOf } from '../pricing.ts'
import type { Booking } from './change-status.ts'
import { chooseVehicle } from './choose-vehicle.ts'
import { lockCalendars } from './lock-calendars.ts'
import { pickupOf } from './pickup.ts'
import { planLesson, type Wish } from './plan-lesson.ts'
import { type Beginning, writeBookings } from './write-bookings.ts'

export interface Order extends Omit<Wish, 'moving'> {
  readonly as: Beginning
  readonly vehicleId?: string | undefined
  /** Where they meet when no pickup is named. */
  readonly locationId?: string | undefined
  readonly pickupAddress?: string | undefined
  readonly notes?: string | undefined
  /** The same key books once, however often it is sent. */
  readonly key: string
}

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
  const priceAt = await pricesOf(work, order.serviceId, planned.rules)
  const price = priceAt(order.startAt)
  const vehicleId = await chooseVehicle(work, planned, { vehicleId: order.vehicleId })
  const [booking] = await writeBookings(work, [
    { planned, price, as: order.as, vehicleId, key: order.key, place: placeOf(order) },
  ])
  return booking!
}

const placeOf = ({ locationId, pickupAddress, pickup, notes }: Order) => ({
  locationId: locationId ?? null,
  pickupAddress: pickupAddress ?? null,
  pickupLat: pickup?.lat ?? null,
  pickupLng: pickup?.lng ?? null,
  notes: notes ?? null,
})
