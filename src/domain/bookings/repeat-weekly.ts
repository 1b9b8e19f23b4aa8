import { DateTime } from 'luxon'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { AppError, invalid } from '../../core/errors.ts'
import { formatInstant } from '../../core/time.ts'
import { placeOf } from '../places.ts'
import { pricesOf } from '../pricing.ts'
import { rulesOf } from '../school.ts'
import { sentenceOf } from '../savepoint.ts'
import { type Booking, lockBooking } from './change-status.ts'
import { carsFor, requireLearnerFree } from './free-then.ts'
import { pickupOf } from './pickup.ts'
import { planAt, prospectFor } from './plan-lesson.ts'
import { type NewBooking, writeBookings } from './write-bookings.ts'

const MOST_WEEKS = 26

export interface Repeated {
  readonly booked: readonly string[]
  /** Weeks without a lesson, with the reason. */
  readonly skipped: readonly { when: string; why: string }[]
}

/**
 * The same lesson in the next `weeks` weeks, at the same time on the school's wall clock whatever daylight saving does; weeks
 * in which it cannot be are left out and listed. What decides is read once for all weeks, and they are written at once.
 * @throws AppError Invalid for more than half a year
 */
export async function repeatWeekly(
  work: UnitOfWork,
  id: string,
  { weeks, key }: { weeks: number; key: string },
): Promise<Repeated> {
  if (!Number.isInteger(weeks) || weeks < 1 || weeks > MOST_WEEKS)
    throw invalid(`Choose 1 to ${MOST_WEEKS} weeks.`, 'weeks')
  const first = await lockBooking(work, id)
  const { timeZone } = await rulesOf(work)
  const wanted = weeksAfter(first, { weeks, key, timeZone })
  const bookable = await bookableIn(work, first, wanted)
  const bookings: NewBooking[] = []
  const booked: string[] = []
  const skipped: { when: string; why: string }[] = []
  for (const week of wanted) {
    try {
      const booking = bookable(week)
      if (booking) bookings.push(booking)
      booked.push(week.when)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      skipped.push({ when: week.when, why: sentenceOf(error) })
    }
  }
  await writeBookings(work, bookings)
  return { booked, skipped }
}

interface Week {
  /** Null when the clocks skip this time that day. */
  readonly startAt: Date | null
  /** In words. */
  readonly when: string
  readonly key: string
}

function weeksAfter(
  { startAt }: Booking,
  { weeks, key, timeZone }: { weeks: number; key: string; timeZone: string },
): Week[] {
  const start = DateTime.fromJSDate(startAt, { zone: timeZone })
  return Array.from({ length: weeks }, (_, index) => {
    const wall = start.plus({ weeks: index + 1 })
    const exists = wall.hour === start.hour && wall.minute === start.minute
    // named as it was wanted, also where luxon has moved it out of a skipped hour
    const wanted = start.setZone('utc', { keepLocalTime: true }).plus({ weeks: index + 1 })
    return {
      startAt: exists ? wall.toJSDate() : null,
      when: formatInstant(wanted.toJSDate(), 'utc'),
      key: `${key}:${index + 1}`,
    }
  })
}

/** @returns what to write for a week, undefined when it is there already; it throws AppError where the lesson cannot be */
async function bookableIn(
  work: UnitOfWork,
  first: Booking,
  weeks: readonly Week[],
): Promise<(week: Week) => NewBooking | undefined> {
  const { studentId, instructorId, serviceId, vehicleId, locationId, pickupAddress, pickupLat, pickupLng, notes } =
    first
  const pickup = await pickupOf(work, { locationId, pickup: placeOf({ lat: pickupLat, lng: pickupLng }) })
  const starts = weeks.flatMap(({ startAt }) => startAt ?? [])
  const span = { from: first.startAt, to: new Date((starts.at(-1) ?? first.startAt).getTime() + DAY) }
  const prospect = await prospectFor(
    work,
    { studentId, instructorId, serviceId, pickup },
    starts.length > 0 ? starts : [first.startAt],
  )
  const priceAt = await pricesOf(work, serviceId, prospect.rules)
  const learnerIsFree = await requireLearnerFree(work, studentId, span)
  const carAt = await carsFor(work, prospect, { vehicleId, ...span })
  const known = await work.tx.booking.findMany({
    where: { orgId: work.orgId, idempotencyKey: { in: weeks.map(({ key }) => key) } },
    select: { idempotencyKey: true },
  })
  const keys = new Set(known.map(({ idempotencyKey }) => idempotencyKey))
  const place = {
    locationId,
    pickupAddress,
    pickupLat: pickup?.lat ?? null,
    pickupLng: pickup?.lng ?? null,
    notes,
  }
  return ({ startAt, key }) => {
    if (keys.has(key)) return undefined
    if (!startAt)
      throw invalid('The clocks skip this time that day. Book this week by hand, at another time.', 'startAt')
    const planned = planAt(work, prospect, startAt)
    learnerIsFree(planned)
    return { planned, price: priceAt(startAt), as: 'confirmed', vehicleId: carAt(planned), key, place }
  }
}

const DAY = 24 * 60 * 60 * 1000
