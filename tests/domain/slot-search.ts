import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { parseInstant } from '../../src/core/time.ts'
import { findSlots, type Found, type SlotSearch } from '../../src/domain/availability/find-slots.ts'
import { bookLesson, type Order } from '../../src/domain/bookings/book-lesson.ts'
import type { Place } from '../../src/domain/places.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { does, orderOf, worksWeekdays } from './scheduling.ts'

export const ZONE = 'Australia/Sydney'
/** The Monday before the week that is searched. */
export const NOW = parseInstant('2027-02-08 08:00', ZONE)!
export const TUESDAY = '2027-02-16'
export const at = (time: string, day = TUESDAY): Date => parseInstant(`${day} ${time}`, ZONE)!

/** Three suburbs: twenty minutes apart, and one far out. */
export const HERE: Place = { lat: -33.8, lng: 151.1 }
export const THERE: Place = { lat: -33.85, lng: 151.15 }
export const FAR: Place = { lat: -33.8, lng: 150.7 }

export let test: TestDatabase
/** Each search finds a school of its own, with one instructor who works on weekdays. */
export let harbour: School
let db: Database

/** For a test file that searches. */
export function searchesSlots(): void {
  beforeAll(async () => {
    test = await cloneDatabase()
    db = await openDatabase(test.url, { max: 5 })
  })
  beforeEach(async () => {
    harbour = await school(test, { name: 'Harbour' })
    await harbour.change('Student', harbour.studentId, { dob: '2000-01-01' })
    await worksWeekdays(harbour)
  })
  afterAll(async () => {
    await db.close()
    await test.drop()
  })
}

export const search = (more: Partial<SlotSearch> = {}, now = NOW): Promise<Found> =>
  does(
    db,
    harbour,
    (work) => findSlots(work, { serviceId: harbour.serviceId, fromDay: TUESDAY, toDay: TUESDAY, limit: 1000, ...more }),
    { now },
  )
export const books = (startAt: Date, more: Partial<Order> = {}) =>
  does(db, harbour, (work) => bookLesson(work, orderOf(harbour, startAt, more)), { now: NOW })
export const learner = async (values: Record<string, unknown> = {}): Promise<string> =>
  (await harbour.add('Student', { fullName: 'Leo Rossi', dob: '2001-02-03', ...values })).id
