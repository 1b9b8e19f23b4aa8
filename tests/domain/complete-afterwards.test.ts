import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { UnitOfWork } from '../../src/core/unit-of-work.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { completeLesson } from '../../src/domain/bookings/complete-lesson.ts'
import { executeDue } from '../../src/domain/bookings/execute-due.ts'
import { couldComplete } from '../../src/domain/bookings/transitions.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import type { School } from '../support/school.ts'
import { does, hoursLater, minutesLater, openSchool, orderOf, refusal } from './scheduling.ts'

let test: TestDatabase
let db: Database
let harbour: School
let booking: { id: string; startAt: Date; endAt: Date }

/** A Tuesday, nine in the morning in Sydney. */
const NINE = new Date('2027-02-01T22:00:00Z')
const TEN = hoursLater(NINE, 1)

beforeAll(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url, { max: 10 })
})
// agreed, and nobody has started it
beforeEach(async () => {
  harbour = await openSchool(test)
  booking = await at(hoursLater(NINE, -48), (work) => bookLesson(work, orderOf(harbour, NINE)))
})
afterAll(async () => {
  await db.close()
  await test.drop()
})

const at = <T>(now: Date, fn: (work: UnitOfWork) => Promise<T>): Promise<T> => does(db, harbour, fn, { now })
const lessonNow = async () => (await harbour.run('SELECT * FROM "Lesson" WHERE "bookingId" = $1', [booking.id]))[0]
const history = () =>
  harbour.run('SELECT "fromStatus", "toStatus", reason FROM "LessonStateHistory" WHERE "bookingId" = $1 ORDER BY id', [
    booking.id,
  ])

describe('a lesson that nobody started', () => {
  it('is completed once it is over, as it was booked, and its history says that this was entered afterwards', async () => {
    await at(minutesLater(TEN, 20), (work) => completeLesson(work, booking.id, { rating: 5, notes: 'Parking' }))
    expect(await lessonNow()).toMatchObject({ startedAt: NINE, endedAt: TEN, durationSec: 3600, rating: 5 })
    expect(await history()).toEqual([
      { fromStatus: null, toStatus: 'confirmed', reason: null },
      { fromStatus: 'confirmed', toStatus: 'in_progress', reason: 'Entered after the lesson' },
      { fromStatus: 'in_progress', toStatus: 'completed', reason: null },
    ])
  })

  it('takes the times that it really had', async () => {
    const times = { startedAt: minutesLater(NINE, 10), endedAt: minutesLater(TEN, 5) }
    await at(minutesLater(TEN, 20), (work) => completeLesson(work, booking.id, times))
    expect(await lessonNow()).toMatchObject({ ...times, durationSec: 55 * 60 })
  })

  it('is no no-show any more, also when the clock comes late', async () => {
    await at(minutesLater(TEN, 20), (work) => completeLesson(work, booking.id))
    const ctx = { db, orgId: harbour.orgId, userId: null, role: null, actorKind: 'system', ip: null } as const
    await executeDue({ ...ctx, requestId: 'clock' }, hoursLater(TEN, 5), 10)
    expect(await harbour.run('SELECT status FROM "Booking"')).toEqual([{ status: 'completed' }])
  })

  it('tells both events, in their order', async () => {
    await at(TEN, (work) => completeLesson(work, booking.id))
    const rows = await harbour.run('SELECT topic, "aggregateVersion" AS version FROM "Outbox" ORDER BY seq')
    expect(rows.slice(1)).toEqual([
      { topic: 'booking.in_progress', version: 2 },
      { topic: 'booking.completed', version: 3 },
    ])
  })

  it.each([
    ['before it is over', minutesLater(TEN, -1), {}, 'is not over yet'],
    ['with an end to come', minutesLater(TEN, 20), { endedAt: minutesLater(TEN, 30) }, 'in the future'],
    ['with an end before its start', minutesLater(TEN, 20), { startedAt: TEN, endedAt: NINE }, 'after it has begun'],
  ])('is not completed %s, and nothing of it is kept', async (_case, now, outcome, sentence) => {
    expect(await refusal(at(now, (work) => completeLesson(work, booking.id, outcome)))).toContain(sentence)
    expect(await harbour.run('SELECT status FROM "Booking"')).toEqual([{ status: 'confirmed' }])
    expect(await lessonNow()).toBeUndefined()
  })

  it('is offered for completion from its end on, to those who may start and complete lessons', async () => {
    const agreed = { ...booking, status: 'confirmed', statusChangedAt: null } as const
    expect(couldComplete({ role: 'manager' }, agreed, TEN)).toBe(true)
    expect(couldComplete({ role: 'manager' }, agreed, minutesLater(TEN, -1))).toContain('not over yet')
    expect(couldComplete({ role: 'finance' }, agreed, TEN)).toContain('may not change bookings')
    expect(couldComplete({ role: 'manager' }, { ...agreed, status: 'requested' }, TEN)).toContain('cannot become')
  })

  it('stays closed where the school lets nobody of the role start lessons', async () => {
    await harbour.add('StateTransitionRule', {
      fromStatus: 'confirmed',
      toStatus: 'in_progress',
      requiredRole: 'owner',
    })
    expect(await refusal(at(hoursLater(TEN, 1), (work) => completeLesson(work, booking.id)))).toContain('only owner')
    expect(await harbour.run('SELECT status FROM "Booking"')).toEqual([{ status: 'confirmed' }])
  })
})
