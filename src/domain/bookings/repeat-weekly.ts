import { DateTime } from 'luxon'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { AppError, invalid } from '../../core/errors.ts'
import { formatInstant } from '../../core/time.ts'
import { placeOf } from '../places.ts'
import { rulesOf } from '../school.ts'
import { attempt, sentenceOf } from '../savepoint.ts'
import { type Order, bookLesson } from './book-lesson.ts'
import { type Booking, lockBooking } from './change-status.ts'

const MOST_WEEKS = 26

export interface Repeated {
  readonly booked: readonly string[]
  /** Weeks without a lesson, with the reason. */
  readonly skipped: readonly { when: string; why: string }[]
}

/**
 * The same lesson in the next `weeks` weeks, at the same time on the school's wall clock whatever daylight saving does; weeks
 * in which it cannot be are left out and listed.
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
  const start = DateTime.fromJSDate(first.startAt, { zone: timeZone })
  const booked: string[] = []
  const skipped: { when: string; why: string }[] = []
  for (let week = 1; week <= weeks; week++) {
    const wall = start.plus({ weeks: week })
    // named as it was wanted, also where luxon has moved it out of a skipped hour
    const when = formatInstant(start.setZone('utc', { keepLocalTime: true }).plus({ weeks: week }).toJSDate(), 'utc')
    try {
      if (wall.hour !== start.hour || wall.minute !== start.minute)
        throw invalid('The clocks skip this time that day. Book this week by hand, at another time.', 'startAt')
      await attempt(work, () => bookLesson(work, { ...same(first), startAt: wall.toJSDate(), key: `${key}:${week}` }))
      booked.push(when)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      skipped.push({ when, why: sentenceOf(error) })
    }
  }
  return { booked, skipped }
}

function same(first: Booking): Omit<Order, 'startAt' | 'key'> {
  const { studentId, instructorId, serviceId, vehicleId, locationId, pickupAddress, pickupLat, pickupLng, notes } =
    first
  return {
    studentId,
    instructorId,
    serviceId,
    as: 'confirmed',
    vehicleId: vehicleId ?? undefined,
    locationId: locationId ?? undefined,
    pickupAddress: pickupAddress ?? undefined,
    pickup: placeOf({ lat: pickupLat, lng: pickupLng }),
    notes: notes ?? undefined,
  }
}
