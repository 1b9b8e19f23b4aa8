import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../src/core/context.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { bookLesson, type Order } from '../../src/domain/bookings/book-lesson.ts'
import { confirmBooking } from '../../src/domain/bookings/confirm-booking.ts'
import { executeDue } from '../../src/domain/bookings/execute-due.ts'
import { executeTransition, MOST_ATTEMPTS } from '../../src/domain/bookings/execute-transition.ts'
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts'
import { startLesson } from '../../src/domain/bookings/start-lesson.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { does, hoursLater, minutesLater, orderOf, worksWeekdays } from './scheduling.ts'

let test: TestDatabase
let db: Database
let harbour: School

const EARLIER = new Date('2027-01-20T00:00:00Z')
/** A Tuesday, nine in the morning in Brisbane; each test has a week of its own. */
let tuesday = new Date('2027-02-01T23:00:00Z')

beforeAll(async () => {
  test = await cloneDatabase()
  // no daylight saving: nine o'clock is the same every week
  harbour = await school(test, { name: 'Harbour', timeZone: 'Australia/Brisbane' })
  db = await openDatabase(test.url, { max: 20 })
  await worksWeekdays(harbour)
  await harbour.change('Student', harbour.studentId, { dob: '2000-01-01' })
})

afterAll(async () => {
  await db.close()
  await test.drop()
})

const nextWeek = (): Date => (tuesday = hoursLater(tuesday, 24 * 7))
const clock = (): Context => ({
  db,
  orgId: harbour.orgId,
  userId: null,
  role: null,
  actorKind: 'system',
  ip: null,
  requestId: randomUUID(),
})
/** One pass of the clock. */
const at = (now: Date) => executeDue(clock(), now, 100)
const books = async (as: Order['as'], more: Partial<Order> = {}) =>
  await does(db, harbour, (work) => bookLesson(work, orderOf(harbour, nextWeek(), { as, ...more })), {
    now: hoursLater(tuesday, -24 * 3),
  })
const bookingNow = async (id: string) => (await harbour.run('SELECT * FROM "Booking" WHERE id = $1', [id]))[0]!
const rowsOf = (id: string) =>
  harbour.run('SELECT * FROM "ScheduledStateTransition" WHERE "bookingId" = $1 ORDER BY "executeAt"', [id])
const topicsOf = async (id: string) =>
  (await harbour.run('SELECT topic FROM "Outbox" WHERE "aggregateId" = $1 ORDER BY "aggregateVersion"', [id])).map(
    ({ topic }) => topic,
  )

describe('a hold', () => {
  it('ends to the minute, frees its slot and says why', async () => {
    const { id, createdAt } = await books('pending_payment')
    expect(await at(new Date(minutesLater(createdAt, 30).getTime() - 1))).toMatchObject({ done: 0 })
    expect(await at(minutesLater(createdAt, 30))).toMatchObject({ done: 1 })
    expect(await bookingNow(id)).toMatchObject({
      status: 'cancelled',
      cancelledAs: null,
      cancelledBy: null,
      cancellationReason: 'Not paid within 30 minutes',
      holdExpiresAt: null,
      version: 2,
    })
    expect(await topicsOf(id)).toEqual(['booking.pending_payment', 'booking.cancelled'])
    const again = orderOf(harbour, tuesday)
    await does(db, harbour, (work) => bookLesson(work, again), { now: hoursLater(tuesday, -24) })
  })

  it('does not end once it is paid, also when the worker comes days later', async () => {
    const { id } = await books('pending_payment')
    await does(db, harbour, (work) => confirmBooking(work, id), { actorKind: 'webhook', now: hoursLater(tuesday, -71) })
    expect((await rowsOf(id)).map(({ reason, processedAt }) => [reason, processedAt !== null])).toEqual([
      ['hold_expired', true],
      ['no_show_flag', false],
      ['no_show', false],
    ])
    await at(hoursLater(tuesday, -1))
    expect((await bookingNow(id)).status).toBe('confirmed')
  })

  it('that was paid while its row was left behind is superseded', async () => {
    const { id } = await books('pending_payment')
    const [row] = await rowsOf(id)
    await does(db, harbour, (work) => confirmBooking(work, id), { now: hoursLater(tuesday, -71) })
    await harbour.run('UPDATE "ScheduledStateTransition" SET "processedAt" = NULL WHERE id = $1', [row!.id])
    expect(await executeTransition({ ...clock(), now: hoursLater(tuesday, -1) }, row!.id)).toBe('superseded')
    const [left] = await rowsOf(id)
    expect(left).toMatchObject({ metadata: { superseded: true, status: 'confirmed' } })
  })
})

it('a draft ends after an hour', async () => {
  const { id, createdAt } = await books('draft')
  await at(minutesLater(createdAt, 59))
  expect((await bookingNow(id)).status).toBe('draft')
  await at(minutesLater(createdAt, 60))
  expect(await bookingNow(id)).toMatchObject({
    status: 'cancelled',
    cancellationReason: 'Draft not finished within 60 minutes',
  })
})

describe('a lesson that nobody starts', () => {
  it('is flagged a quarter of an hour after its start, and marked half an hour after its end', async () => {
    const { id } = await books('confirmed')
    await at(minutesLater(tuesday, 15))
    expect(await bookingNow(id)).toMatchObject({ status: 'confirmed', version: 2 })
    const [, flagged] = await harbour.run('SELECT * FROM "LessonStateHistory" WHERE "bookingId" = $1 ORDER BY id', [id])
    expect(flagged).toMatchObject({
      fromStatus: 'confirmed',
      toStatus: 'confirmed',
      metadata: { noShowFlagged: true },
      actorUserId: null,
    })
    await at(minutesLater(tuesday, 89))
    expect((await bookingNow(id)).status).toBe('confirmed')
    await at(minutesLater(tuesday, 90))
    expect(await bookingNow(id)).toMatchObject({ status: 'no_show', version: 3, statusChangedBy: null })
    expect(await topicsOf(id)).toEqual(['booking.confirmed', 'booking.no_show_flagged', 'booking.no_show'])
  })

  it('is only marked, not asked about, by a clock that was down over both', async () => {
    const { id } = await books('confirmed')
    const monday = hoursLater(tuesday, 24 * 6)
    expect(await at(monday)).toMatchObject({ done: 1, superseded: 1 })
    expect(await bookingNow(id)).toMatchObject({ status: 'no_show', statusChangedAt: monday })
    expect(await topicsOf(id)).toEqual(['booking.confirmed', 'booking.no_show'])
  })

  it('is left alone once it has begun, or has moved', async () => {
    const begun = await books('confirmed')
    await does(db, harbour, (work) => startLesson(work, begun.id), { now: tuesday })
    const moved = await books('confirmed')
    const to = { startAt: hoursLater(tuesday, 24) }
    await does(db, harbour, (work) => rescheduleBooking(work, moved.id, to), { now: hoursLater(tuesday, -24) })
    await at(hoursLater(tuesday, 3))
    expect((await bookingNow(begun.id)).status).toBe('in_progress')
    expect((await bookingNow(moved.id)).status).toBe('confirmed')
    const open = (await rowsOf(moved.id)).filter(({ processedAt }) => processedAt === null)
    expect(open.map(({ reason }) => reason)).toEqual(['no_show_flag', 'no_show'])
    await at(hoursLater(to.startAt, 24))
    expect((await bookingNow(moved.id)).status).toBe('no_show')
  })
})

describe('many workers', () => {
  it('do everything once between them', async () => {
    const ids: string[] = []
    for (let n = 0; n < 12; n++) ids.push((await books('pending_payment')).id)
    const passes = await Promise.all(Array.from({ length: 8 }, () => at(hoursLater(tuesday, -1))))
    expect(passes.reduce((sum, { done }) => sum + done, 0)).toBe(12)
    for (const id of ids) {
      expect(await bookingNow(id)).toMatchObject({ status: 'cancelled', version: 2 })
      expect(await topicsOf(id)).toEqual(['booking.pending_payment', 'booking.cancelled'])
      expect(await rowsOf(id)).toMatchObject([{ attempts: 1, lastError: null }])
    }
  })

  it('and a payment at the same moment leave the booking either paid or free, never both', async () => {
    for (let n = 0; n < 10; n++) {
      const { id } = await books('pending_payment')
      const now = hoursLater(tuesday, -1)
      const pays = does(db, harbour, (work) => confirmBooking(work, id), { actorKind: 'webhook', now })
      await Promise.allSettled([at(now), pays, at(now)])
      const { status, version } = await bookingNow(id)
      expect(['confirmed', 'cancelled']).toContain(status)
      expect(version).toBe(2)
      const open = (await rowsOf(id)).filter(({ processedAt }) => processedAt === null)
      expect(open).toHaveLength(status === 'confirmed' ? 2 : 0)
    }
  })
})

describe('what cannot be done', () => {
  it('keeps its error and its attempts, holds up nobody, and is given up after ten', async () => {
    const { id } = await books('confirmed')
    const stuck = await harbour.add('ScheduledStateTransition', {
      bookingId: id,
      toStatus: 'completed',
      executeAt: EARLIER,
      reason: 'somebody else wrote it',
    })
    const { id: held, createdAt } = await books('pending_payment')
    for (let n = 1; n <= MOST_ATTEMPTS; n++) expect(await at(minutesLater(createdAt, 1))).toMatchObject({ failed: 1 })
    expect(await at(minutesLater(createdAt, 1))).toMatchObject({ failed: 0 })
    const [row] = await harbour.run('SELECT * FROM "ScheduledStateTransition" WHERE id = $1', [stuck.id])
    expect(row).toMatchObject({ processedAt: null, attempts: MOST_ATTEMPTS, lastError: /does not know how/ })
    await executeDue(clock(), minutesLater(createdAt, 30), 1)
    expect((await bookingNow(held)).status).toBe('cancelled')
  })
})

it('the clock of one school does nothing in another', async () => {
  const { id } = await books('pending_payment')
  const [row] = await rowsOf(id)
  const river = await school(test, { name: 'River' })
  const elsewhere = { ...clock(), orgId: river.orgId }
  expect(await executeDue(elsewhere, hoursLater(tuesday, 1), 100)).toEqual({
    done: 0,
    superseded: 0,
    taken: 0,
    failed: 0,
  })
  expect(await executeTransition({ ...elsewhere, now: hoursLater(tuesday, 1) }, row!.id)).toBe('taken')
})
