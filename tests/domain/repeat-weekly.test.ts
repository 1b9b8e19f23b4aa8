import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { type Repeated, repeatWeekly } from '../../src/domain/bookings/repeat-weekly.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import type { School } from '../support/school.ts'
import { does, hoursLater, openSchool, orderOf } from './scheduling.ts'

let test: TestDatabase
let db: Database
let harbour: School
let first: { id: string }

/** A Tuesday, nine in the morning in Sydney. */
const NINE = new Date('2027-02-01T22:00:00Z')
const now = hoursLater(NINE, -48)
const WEEK = 7 * 24

beforeAll(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url, { max: 10 })
})
beforeEach(async () => {
  harbour = await openSchool(test)
  await harbour.run('UPDATE "OrgSettings" SET "maxAdvanceDays" = 365')
  first = await does(db, harbour, (work) => bookLesson(work, orderOf(harbour, NINE)), { now })
})
afterAll(async () => {
  await db.close()
  await test.drop()
})

const repeats = (weeks: number, key: string = randomUUID(), id = first.id): Promise<Repeated> =>
  does(db, harbour, (work) => repeatWeekly(work, id, { weeks, key }), { now })
/** How often the database was asked for it. */
async function questionsFor(weeks: number): Promise<number> {
  const asked = vi.spyOn(pg.Client.prototype, 'query')
  await repeats(weeks)
  const { length } = asked.mock.calls
  asked.mockRestore()
  return length
}

it('takes as many questions for half a year as for two weeks', async () => {
  const few = await questionsFor(2)
  await harbour.run(
    `UPDATE "Booking" SET status = 'cancelled', "cancelledAt" = now(), "cancellationReason" = 'Test' WHERE id <> $1`,
    [first.id],
  )
  expect(await questionsFor(26)).toBe(few)
  expect(few).toBeLessThan(35)
})

it('is booked with its price, its history, its event and what the clock will do, as a single lesson is', async () => {
  const { booked, skipped } = await repeats(26)
  expect([booked.length, skipped]).toEqual([26, []])
  const [found] = await harbour.run(
    `SELECT (SELECT count(*)::int FROM "Booking" b WHERE b.id <> $1 AND b.status = 'confirmed' AND b."priceCents" = 8500
                AND b."blockedUntil" = b."endAt" + interval '15 min') AS bookings,
            (SELECT count(*)::int FROM "LessonStateHistory" h WHERE h."bookingId" <> $1 AND h."toStatus" = 'confirmed') AS history,
            (SELECT count(*)::int FROM "ScheduledStateTransition" s WHERE s."bookingId" <> $1 AND s."processedAt" IS NULL) AS due,
            (SELECT count(DISTINCT "aggregateId")::int FROM "Outbox" WHERE topic = 'booking.confirmed') AS events`,
    [first.id],
  )
  expect(found).toEqual({ bookings: 26, history: 26, due: 52, events: 27 })
})

it('leaves out the weeks that are taken, each with its reason', async () => {
  await harbour.run('UPDATE "Booking" SET "vehicleId" = $1', [harbour.vehicleId])
  const other = { instructorId: (await harbour.add('Instructor', { displayName: 'Noor' })).id }
  const learner = { studentId: (await harbour.add('Student', { fullName: 'Leo' })).id }
  await harbour.booking({ startAt: hoursLater(NINE, WEEK), ...other })
  await harbour.booking({ startAt: hoursLater(NINE, 2 * WEEK), ...learner })
  await harbour.booking({ startAt: hoursLater(NINE, 3 * WEEK), ...other, ...learner, vehicleId: harbour.vehicleId })
  await harbour.add('AvailabilityException', {
    instructorId: harbour.instructorId,
    date: '2027-03-02',
    isAvailable: false,
  })
  const { booked, skipped } = await repeats(5)
  expect(booked).toEqual(['Tue 9 Mar 2027, 09:00'])
  expect(skipped.map(({ why }) => why)).toEqual([
    expect.stringContaining('The student already has a lesson'),
    expect.stringContaining('Ines Okafor is not free'),
    expect.stringContaining('The vehicle is already in use'),
    expect.stringContaining('Ines Okafor is not free'),
  ])
})

it('books none when the car is out of use, and says so for every week', async () => {
  await harbour.run('UPDATE "Booking" SET "vehicleId" = $1', [harbour.vehicleId])
  await harbour.change('Vehicle', harbour.vehicleId, { active: false })
  const { booked, skipped } = await repeats(2)
  expect(booked).toEqual([])
  expect(skipped.map(({ why }) => why)).toEqual(Array(2).fill(expect.stringContaining('DRV01A is out of use')))
})

it('takes the instructor’s car in the weeks in which it is free', async () => {
  await harbour.change('Vehicle', harbour.vehicleId, { defaultInstructorId: harbour.instructorId })
  const other = (await harbour.add('Instructor', { displayName: 'Noor' })).id
  const learner = (await harbour.add('Student', { fullName: 'Leo' })).id
  const taken = { instructorId: other, studentId: learner, vehicleId: harbour.vehicleId }
  await harbour.booking({ startAt: hoursLater(NINE, WEEK), ...taken })
  await repeats(2)
  const rows = await harbour.run(
    'SELECT "vehicleId" FROM "Booking" WHERE "studentId" = $1 AND id <> $2 ORDER BY "startAt"',
    [harbour.studentId, first.id],
  )
  expect(rows).toEqual([{ vehicleId: null }, { vehicleId: harbour.vehicleId }])
})

it('is booked once, however often it is sent, also by thirty at the same moment', async () => {
  const key = randomUUID()
  const all = await Promise.all(Array.from({ length: 30 }, () => repeats(26, key)))
  expect(all.map(({ booked }) => booked.length)).toEqual(all.map(() => 26))
  expect(await harbour.run('SELECT count(*)::int AS n FROM "Booking"')).toEqual([{ n: 27 }])
})

it('of thirty people who repeat it at the same moment each gets an answer, and one the lessons', async () => {
  const all = await Promise.all(Array.from({ length: 30 }, () => repeats(26)))
  expect(all.map(({ booked }) => booked.length).toSorted((a, b) => b - a)).toEqual([26, ...Array<number>(29).fill(0)])
})
