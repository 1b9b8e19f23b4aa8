import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type Order, bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { reassignDay } from '../../src/domain/bookings/reassign-day.ts'
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts'
import { type Move, rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts'
import { askForFee, recordFee } from '../../src/domain/payments/collect-fee.ts'
import releasePayment from '../../src/jobs/release-payment.ts'
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

describe('a fee that is due', () => {
  const charged = async () => {
    const { id } = await book()
    await move(id, { movedAs: 'student' })
    const [fee] = await harbour.run('SELECT id FROM "Payment"')
    return { bookingId: id, feeId: fee!.id }
  }
  const records = (id: string) => does(db, harbour, (work) => recordFee(work, id, 'cash'), { now })

  it('is paid in cash once, and is the platform’s and the school’s', async () => {
    const { feeId } = await charged()
    await records(feeId)
    expect(await due()).toMatchObject([{ method: 'cash', status: 'succeeded' }])
    const books = await harbour.run('SELECT account::text, "amountCents" AS cents FROM "LedgerEntry" ORDER BY cents')
    expect(books).toEqual([
      { account: 'school_income', cents: -1279 },
      { account: 'platform_fee', cents: -226 },
      { account: 'cash', cents: 1505 },
    ])
    expect(await refusal(records(feeId))).toContain('paid already')
  })

  it('has a page to pay it by card, and is not taken in cash beside it', async () => {
    const { feeId } = await charged()
    const asked = await does(db, harbour, (work) => askForFee(work, feeId), { now })
    expect(asked.payToken).toMatch(/^[\w-]{32}$/)
    expect(await refusal(records(feeId))).toContain('card payment for this fee is under way')
  })

  it.each([
    ['student', 0],
    ['instructor', 1],
    ['admin', 1],
  ] as const)('when the lesson is called off by the %s, ends with it: %i', async (cancelledAs, closed) => {
    const { bookingId, feeId } = await charged()
    const off = { cancelledAs, reason: 'Ill', refundPercentage: cancelledAs === 'admin' ? 100 : undefined }
    await harbour.add('CancellationPolicy', { actor: cancelledAs, hoursBeforeStart: 0 })
    await does(db, harbour, (work) => cancelBooking(work, bookingId, off), { now })
    const [event] = await harbour.run(`SELECT id, payload FROM "Outbox" WHERE topic = 'booking.cancelled'`)
    const happened = { id: event!.id, topic: 'booking.cancelled', of: 'Booking', recordId: bookingId } as const
    const told = { ...happened, version: 3, at: now, payload: event!.payload as never }
    await does(db, harbour, (work) => releasePayment.run(work, told))
    const jobs = await test.console(
      'superuser',
      `SELECT id FROM pgboss.job WHERE name = 'payment.close' AND data -> 'data' ->> 'paymentId' = $1`,
      [feeId],
    )
    expect(jobs).toHaveLength(closed)
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
