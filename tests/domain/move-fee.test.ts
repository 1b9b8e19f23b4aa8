import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type Order, bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { reassignDay } from '../../src/domain/bookings/reassign-day.ts'
import { type Move, rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import type { School } from '../support/school.ts'
import { does, hoursLater, openSchool, orderOf, refusal, worksWeekdays } from './scheduling.ts'

let test: TestDatabase
let db: Database
let harbour: School

/** A Tuesday, nine in the morning in Sydney. */
const NINE = new Date('2027-02-01T22:00:00Z')
const now = hoursLater(NINE, -48)

beforeAll(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url, { max: 10 })
})
// moving a lesson costs A$15.05
beforeEach(async () => {
  harbour = await openSchool(test)
  await harbour.run('UPDATE "OrgSettings" SET "rescheduleFeeCents" = 1505')
})
afterAll(async () => {
  await db.close()
  await test.drop()
})

const book = (as: Order['as'] = 'confirmed') =>
  does(db, harbour, (work) => bookLesson(work, orderOf(harbour, NINE, { as })), { now })
const move = (id: string, how: Partial<Move> = {}) =>
  does(db, harbour, (work) => rescheduleBooking(work, id, { startAt: hoursLater(NINE, 1), ...how }), { now })
const due = () =>
  harbour.run(
    'SELECT purpose, method, status, "amountCents", "platformFeeCents", "instructorShareCents", "gstCents" FROM "Payment"',
  )

describe('moving a lesson to another time', () => {
  it.each(['student', 'parent'] as const)(
    'costs the fee when the %s asks for it, and the price stays',
    async (movedAs) => {
      const { id, priceCents } = await book()
      expect(await move(id, { movedAs })).toMatchObject({ feeCents: 1505, priceCents })
      // 15 % of 15.05, half up; GST is one eleventh
      const split = { platformFeeCents: 226, instructorShareCents: 1279, gstCents: 137 }
      expect(await due()).toEqual([
        { purpose: 'reschedule_fee', method: 'card', status: 'intent_created', amountCents: 1505, ...split },
      ])
      const [step] = await harbour.run('SELECT metadata FROM "LessonStateHistory" ORDER BY id DESC LIMIT 1')
      expect(step!.metadata).toMatchObject({ movedAs, feeCents: 1505 })
    },
  )

  it.each(['instructor', 'admin'] as const)('costs nothing when the %s asks for it', async (movedAs) => {
    const { id } = await book()
    expect(await move(id, { movedAs })).toMatchObject({ feeCents: 0 })
    expect(await due()).toEqual([])
  })

  it('asks who wants it where a fee may be due, and guesses nothing', async () => {
    const { id } = await book()
    expect(await refusal(move(id))).toContain('Say who asks for the move: the learner owes A$15.05')
    expect(await harbour.run('SELECT "startAt" FROM "Booking"')).toEqual([{ startAt: NINE }])
    await harbour.run('UPDATE "OrgSettings" SET "rescheduleFeeCents" = 0')
    expect(await move(id)).toMatchObject({ feeCents: 0 })
  })

  it('costs nothing before it is agreed', async () => {
    const { id } = await book('pending_payment')
    expect(await move(id)).toMatchObject({ feeCents: 0 })
  })

  it('is charged each time, and never stands for the payment of the lesson', async () => {
    const { id } = await book()
    await move(id, { movedAs: 'student' })
    await move(id, { movedAs: 'student', startAt: NINE })
    expect(await due()).toHaveLength(2)
    await harbour.payment({ bookingId: id })
    expect(await due()).toHaveLength(3)
  })
})

it('another instructor at the same time costs the learner nothing: the school looks for one', async () => {
  await book()
  const other = await harbour.add('Instructor', { displayName: 'Noor Haddad' })
  await worksWeekdays(harbour, other.id)
  const day = { instructorId: harbour.instructorId, day: '2027-02-02', reason: 'Flu' }
  expect((await does(db, harbour, (work) => reassignDay(work, day), { now })).moved).toHaveLength(1)
  expect(await due()).toEqual([])
})
