import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { AppError, InvalidForm } from '../../src/core/errors.ts'
import { bookLesson, type Order } from '../../src/domain/bookings/book-lesson.ts'
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts'
import { completeLesson } from '../../src/domain/bookings/complete-lesson.ts'
import { confirmBooking } from '../../src/domain/bookings/confirm-booking.ts'
import { markNoShow } from '../../src/domain/bookings/mark-no-show.ts'
import { reassignDay } from '../../src/domain/bookings/reassign-day.ts'
import { repeatWeekly } from '../../src/domain/bookings/repeat-weekly.ts'
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts'
import { startLesson } from '../../src/domain/bookings/start-lesson.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { does, worksWeekdays } from './scheduling.ts'

let test: TestDatabase
let db: Database
let harbour: School
let river: School

/** A Tuesday, nine in the morning in Sydney (daylight saving, UTC+11). */
const TUESDAY_9 = new Date('2027-02-01T22:00:00Z')
const EARLIER = new Date('2027-01-20T00:00:00Z')
const hoursLater = (instant: Date, hours: number): Date => new Date(instant.getTime() + hours * 3_600_000)

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour' })
  river = await school(test, { name: 'River' })
  db = await openDatabase(test.url, { max: 20 })
  await worksWeekdays(harbour)
  for (const actor of ['student', 'parent'])
    for (const [hoursBeforeStart, refundPercentage] of [
      [24, 100],
      [2, 50],
      [0, 0],
    ])
      await harbour.add('CancellationPolicy', { actor, hoursBeforeStart, refundPercentage })
  await harbour.change('Student', harbour.studentId, { dob: '2000-01-01' })
})

afterAll(async () => {
  await db.close()
  await test.drop()
})

const learner = async (values: Record<string, unknown> = {}): Promise<string> =>
  (await harbour.add('Student', { fullName: 'Leo Rossi', dob: '2001-02-03', ...values })).id

const order = (startAt: Date, more: Partial<Order> = {}): Order => ({
  studentId: harbour.studentId,
  instructorId: harbour.instructorId,
  serviceId: harbour.serviceId,
  startAt,
  as: 'confirmed',
  key: randomUUID(),
  ...more,
})

const books = (startAt: Date, more: Partial<Order> = {}, who: Parameters<typeof does>[3] = {}) =>
  does(db, harbour, (work) => bookLesson(work, order(startAt, more)), { now: EARLIER, ...who })

const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof AppError)) throw error ?? new Error('it was not refused')
  return error instanceof InvalidForm ? error.errors.map(({ message }) => message).join(' ') : error.message
}

describe('a lesson is booked', () => {
  it('at the price of the rate card, with its history, its event and what the clock will do', async () => {
    const booking = await books(TUESDAY_9)
    expect(booking).toMatchObject({ priceCents: 8500, platformFeeCents: 1275, instructorShareCents: 7225, version: 1 })
    expect(booking.blockedUntil).toEqual(hoursLater(TUESDAY_9, 1.25))
    const [history, events, due] = await Promise.all([
      harbour.run('SELECT * FROM "LessonStateHistory" WHERE "bookingId" = $1', [booking.id]),
      harbour.run('SELECT * FROM "Outbox" WHERE "aggregateId" = $1', [booking.id]),
      harbour.run('SELECT * FROM "ScheduledStateTransition" WHERE "bookingId" = $1 ORDER BY "executeAt"', [booking.id]),
    ])
    expect(history).toMatchObject([{ fromStatus: null, toStatus: 'confirmed' }])
    expect(events).toMatchObject([{ topic: 'booking.confirmed', aggregateVersion: 1 }])
    expect(due.map(({ reason }) => reason)).toEqual(['no_show_flag', 'no_show'])
  })

  it('once, when twenty people press at the same moment', async () => {
    const startAt = hoursLater(TUESDAY_9, 24)
    const learners = await Promise.all(Array.from({ length: 20 }, () => learner()))
    const results = await Promise.allSettled(learners.map((studentId) => books(startAt, { studentId })))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    expect(reasons.filter((reason) => !(reason instanceof AppError))).toEqual([])
  })

  it('once, when the same request arrives twice', async () => {
    const same = order(hoursLater(TUESDAY_9, 26))
    const [first, second] = [
      await does(db, harbour, (work) => bookLesson(work, same), { now: EARLIER }),
      await does(db, harbour, (work) => bookLesson(work, same), { now: EARLIER }),
    ]
    expect(second.id).toBe(first.id)
  })

  const hour = (hours: number) => hoursLater(TUESDAY_9, 72 + hours)
  it.each([
    [
      'a time that has passed',
      () => books(hoursLater(EARLIER, -24)),
      'has passed. Choose a time that is still to come.',
    ],
    [
      'a time too soon',
      () => books(hoursLater(TUESDAY_9, 49), {}, { now: hoursLater(TUESDAY_9, 48) }),
      'at least 2 hours ahead',
    ],
    ['a time too far ahead', () => books(hoursLater(TUESDAY_9, 24 * 7 * 20)), 'at most 90 days ahead'],
    ['the break', () => books(hour(3)), 'Ines Okafor is not free'],
    ['the night', () => books(hour(12)), 'Ines Okafor is not free'],
    ['a foreign instructor', () => books(hour(0), { instructorId: river.instructorId }), "not one of your school's"],
    ['a foreign learner', () => books(hour(0), { studentId: river.studentId }), "not one of your school's"],
    [
      'a service without a price',
      async () => {
        const { id } = await harbour.add('Service', { name: 'Test day', durationMin: 90 })
        return await books(hour(0), { serviceId: id })
      },
      'has no price on',
    ],
    [
      'a minor without consent',
      async () => books(hour(0), { studentId: await learner({ fullName: 'Ada Young', dob: '2012-01-01' }) }),
      "no guardian's consent. Record the consent, then book.",
    ],
    [
      'a retired instructor',
      async () => {
        const { id } = await harbour.add('Instructor', { displayName: 'Old Hand', active: false })
        return await books(hour(0), { instructorId: id })
      },
      'Old Hand no longer teaches.',
    ],
    [
      'an instructor whose papers have lapsed',
      async () => {
        const { id } = await harbour.add('Instructor', { displayName: 'Lee Lapsed' })
        await worksWeekdays(harbour, id)
        await harbour.add('InstructorCredential', {
          instructorId: id,
          kind: 'instructor_licence',
          number: 'L1',
          expiresOn: '2027-01-31',
          status: 'verified',
        })
        return await books(hour(0), { instructorId: id })
      },
      "Lee Lapsed's instructor licence is not valid on",
    ],
  ])('not at %s, and the sentence says what to do', async (_case, book, sentence) => {
    expect(await refusal(book())).toContain(sentence)
  })

  it('outside the rules only by an owner or admin with a reason, which its history keeps', async () => {
    const night = hour(11)
    expect(await refusal(books(night, {}, { override: 'The test is at dawn' }))).toContain('Only an owner or an admin')
    const booking = await books(night, {}, { role: 'owner', override: 'The test is at dawn' })
    const [step] = await harbour.run('SELECT * FROM "LessonStateHistory" WHERE "bookingId" = $1', [booking.id])
    expect(step).toMatchObject({ reason: 'The test is at dawn', metadata: { overridden: ['instructor.hours'] } })
  })

  it('never on top of another one, override or not', async () => {
    const twice = hour(5)
    await books(twice)
    const other = await learner()
    expect(await refusal(books(twice, { studentId: other }, { role: 'owner', override: 'Squeeze it in' }))).toMatch(
      /already|taken|not free/i,
    )
  })
})

describe('a lesson moves', () => {
  const day = hoursLater(TUESDAY_9, 24 * 7)

  it('keeps its price and its old time, and tells why', async () => {
    const booking = await books(day)
    const to = hoursLater(day, 5)
    // a dearer rate card begins before the new time
    await harbour.change('RateCard', harbour.rateCardId, { validTo: hoursLater(day, 1) })
    const dearer = { name: 'Dearer', isDefault: true, validFrom: hoursLater(day, 1) }
    const { id: rateCardId } = await harbour.add('RateCard', dearer)
    await harbour.add('RateCardItem', { rateCardId, serviceId: harbour.serviceId, priceCents: 9900 })
    const moved = await does(
      db,
      harbour,
      (work) => rescheduleBooking(work, booking.id, { startAt: to, reason: 'Exam' }),
      {
        now: EARLIER,
      },
    )
    await harbour.run('DELETE FROM "RateCard" WHERE id = $1', [rateCardId])
    await harbour.change('RateCard', harbour.rateCardId, { validTo: null })
    expect(moved).toMatchObject({ priceCents: 8500, startAt: to, rescheduledFrom: day, rescheduleCount: 1, version: 2 })
  })

  it('may overlap its own old time, but not another lesson', async () => {
    const booking = await books(hoursLater(day, 24))
    const quarter = hoursLater(day, 24.25)
    const moved = await does(db, harbour, (work) => rescheduleBooking(work, booking.id, { startAt: quarter }), {
      now: EARLIER,
    })
    expect(moved.startAt).toEqual(quarter)
  })

  it('is refused in the last two hours without an override', async () => {
    const start = hoursLater(day, 48)
    const booking = await books(start)
    const late = { now: hoursLater(start, -1.5) }
    const to = { startAt: hoursLater(start, 24) }
    expect(await refusal(does(db, harbour, (work) => rescheduleBooking(work, booking.id, to), late))).toContain(
      'less than 2 hours before',
    )
    const moved = await does(db, harbour, (work) => rescheduleBooking(work, booking.id, to), {
      ...late,
      role: 'admin',
      override: 'Car broke down',
    })
    expect(moved.startAt).toEqual(to.startAt)
  })
})

describe('a lesson is called off', () => {
  const start = hoursLater(TUESDAY_9, 24 * 14)
  const cancelled = async (notice: number, day: number, role: 'student' | 'admin' = 'student') => {
    const startAt = hoursLater(start, 24 * day)
    const booking = await books(startAt)
    await harbour.payment({ bookingId: booking.id })
    return await does(
      db,
      harbour,
      (work) =>
        cancelBooking(work, booking.id, {
          cancelledAs: role,
          reason: 'Ill',
          ...(role === 'admin' ? { refundPercentage: 70 } : {}),
        }),
      { now: new Date(startAt.getTime() - notice * 1000) },
    )
  }

  it.each([
    [24 * 3600, 8500, 0],
    [24 * 3600 - 1, 4250, 1],
    [2 * 3600, 4250, 2],
    [2 * 3600 - 1, 0, 3],
    [0, 0, 6],
  ])('%d seconds before its start gives back %d cents', async (notice, refundCents, day) => {
    const { settlement, booking } = await cancelled(notice, day)
    expect(settlement.refundCents).toBe(refundCents)
    expect(settlement.keptFeeCents + settlement.keptShareCents + settlement.refundCents).toBe(8500)
    expect(booking).toMatchObject({ status: 'cancelled', cancelledAs: 'student', cancellationReason: 'Ill' })
  })

  it('by the school with the refund it chooses', async () => {
    expect((await cancelled(3600, 7, 'admin')).settlement.refundCents).toBe(5950)
  })

  it('after its start nobody guesses: the sentence names the missing policy', async () => {
    expect(await refusal(cancelled(-60, 8))).toContain('no cancellation policy for the student')
  })
})

describe('a lesson takes place', () => {
  const start = hoursLater(TUESDAY_9, 24 * 21)

  it('from start to end, with a record of both', async () => {
    const { id } = await books(start)
    await does(db, harbour, (work) => startLesson(work, id), { now: hoursLater(start, 0.05) })
    const done = await does(db, harbour, (work) => completeLesson(work, id, { rating: 5 }), {
      now: hoursLater(start, 1),
    })
    expect(done.status).toBe('completed')
    const [lesson] = await harbour.run('SELECT * FROM "Lesson" WHERE "bookingId" = $1', [id])
    expect(lesson).toMatchObject({ durationSec: 3420, rating: 5 })
    const again = does(db, harbour, (work) => startLesson(work, id), { now: hoursLater(start, 2) })
    expect(await refusal(again)).toContain('completed cannot become in progress')
  })

  it('or not: a no-show can be taken back for a day', async () => {
    // the database counts the day by its own clock
    const now = hoursLater(new Date(), -30)
    const past = { now: hoursLater(now, -24 * 30), role: 'owner' as const, override: 'Written down afterwards' }
    const booking = await books(now, {}, past)
    const marked = await does(db, harbour, (work) => markNoShow(work, booking.id), { now: hoursLater(now, 1.5) })
    expect(marked.status).toBe('no_show')
    expect(
      await refusal(does(db, harbour, (work) => completeLesson(work, booking.id), { now: hoursLater(now, 26) })),
    ).toContain('taken back for 24 hours only')
  })

  it('is confirmed when what was asked for is agreed', async () => {
    const { id } = await books(hoursLater(start, 48), { as: 'requested' })
    expect((await does(db, harbour, (work) => confirmBooking(work, id), { now: EARLIER })).status).toBe('confirmed')
  })
})

describe('an instructor is sick', () => {
  it('colleagues take what they can, and the rest is listed with the reason', async () => {
    const day = hoursLater(TUESDAY_9, 24 * 28)
    const { id: colleague } = await harbour.add('Instructor', { displayName: 'Sam Stand-in' })
    await worksWeekdays(harbour, colleague)
    const [first, second] = [await books(day), await books(hoursLater(day, 5), { studentId: await learner() })]
    await books(hoursLater(day, 5.25), { studentId: await learner(), instructorId: colleague })
    const result = await does(
      db,
      harbour,
      (work) => reassignDay(work, { instructorId: harbour.instructorId, day: '2027-03-02', reason: 'Flu' }),
      { now: EARLIER },
    )
    expect(result.moved).toMatchObject([{ bookingId: first.id, to: 'Sam Stand-in' }])
    expect(result.left).toMatchObject([{ bookingId: second.id }])
    expect(result.left[0]!.why).toMatch(/not free|no longer/)
  })
})

describe('a lesson repeats every week', () => {
  it('at the same time on the wall clock across the end of daylight saving, without the weeks that are taken', async () => {
    const start = new Date('2027-03-22T22:00:00Z')
    const first = await books(start)
    await books(new Date('2027-03-29T22:00:00Z'), { studentId: await learner() })
    const { booked, skipped } = await does(
      db,
      harbour,
      (work) => repeatWeekly(work, first.id, { weeks: 3, key: randomUUID() }),
      { now: EARLIER },
    )
    expect(booked).toEqual(['Tue 6 Apr 2027, 09:00', 'Tue 13 Apr 2027, 09:00'])
    expect(skipped).toMatchObject([{ when: 'Tue 30 Mar 2027, 09:00' }])
    const rows = await harbour.run(
      `SELECT "startAt" FROM "Booking" WHERE "startAt" >= '2027-04-05' AND "studentId" = $1 ORDER BY 1`,
      [harbour.studentId],
    )
    expect(rows.map(({ startAt }) => startAt.toISOString())).toEqual([
      '2027-04-05T23:00:00.000Z',
      '2027-04-12T23:00:00.000Z',
    ])
  })
})
