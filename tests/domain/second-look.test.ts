import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { bookLesson, type Order } from '../../src/domain/bookings/book-lesson.ts'
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts'
import { completeLesson } from '../../src/domain/bookings/complete-lesson.ts'
import { confirmBooking } from '../../src/domain/bookings/confirm-booking.ts'
import { reassignDay } from '../../src/domain/bookings/reassign-day.ts'
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts'
import { startLesson } from '../../src/domain/bookings/start-lesson.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { does, hasPolicies, hoursLater, minutesLater, orderOf, refusal, worksWeekdays } from './scheduling.ts'

let test: TestDatabase
let db: Database
let harbour: School

/** A Tuesday, nine in the morning in Sydney. */
const NINE = new Date('2027-02-01T22:00:00Z')
const EARLIER = hoursLater(NINE, -96)

beforeAll(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url, { max: 5 })
})
beforeEach(async () => {
  harbour = await school(test, { name: 'Harbour' })
  await worksWeekdays(harbour)
  await harbour.change('Student', harbour.studentId, { dob: '2000-01-01' })
})
afterAll(async () => {
  await db.close()
  await test.drop()
})

type Who = Parameters<typeof does>[3]
const books = (startAt: Date, more: Partial<Order> = {}, who: Who = {}) =>
  does(db, harbour, (work) => bookLesson(work, orderOf(harbour, startAt, more)), { now: EARLIER, ...who })
const moves = (id: string, startAt: Date, who: Who = {}) =>
  does(db, harbour, (work) => rescheduleBooking(work, id, { startAt }), { now: EARLIER, ...who })
const confirms = (id: string) => does(db, harbour, (work) => confirmBooking(work, id), { now: EARLIER })
const learner = async () => (await harbour.add('Student', { fullName: 'Leo Rossi', dob: '2001-02-03' })).id
const colleague = async (displayName: string) => {
  const { id } = await harbour.add('Instructor', { displayName })
  await worksWeekdays(harbour, id)
  return id
}

describe('before a booking becomes binding', () => {
  it("the consent of a minor's guardian is asked for again", async () => {
    const { id: studentId } = await harbour.add('Student', { fullName: 'Ada Young', dob: '2012-01-01' })
    const consent = { studentId, kind: 'minor_lessons', documentVer: '1', method: 'signature' }
    await harbour.add('Consent', { ...consent, granted: true, effectiveAt: hoursLater(EARLIER, -5) })
    const { id } = await books(NINE, { studentId, as: 'requested' })
    await harbour.add('Consent', { ...consent, granted: false, effectiveAt: hoursLater(EARLIER, -1) })
    expect(await refusal(confirms(id))).toContain("no guardian's consent. Record the consent, then book.")
    const [left] = await harbour.run('SELECT status, version FROM "Booking" WHERE id = $1', [id])
    expect(left).toMatchObject({ status: 'requested', version: 1 })
  })

  it('the time of a draft is looked for again: it has held no slot', async () => {
    const draft = await books(NINE, { as: 'draft' })
    await books(NINE, { studentId: await learner() })
    expect(await refusal(confirms(draft.id))).toContain('Ines Okafor is not free')
  })
})

describe('a lesson that moves', () => {
  it('keeps its length when the service has another one since, and needs that much time', async () => {
    const { id } = await books(NINE)
    await harbour.change('Service', harbour.serviceId, { durationMin: 30 })
    const moved = await moves(id, hoursLater(NINE, 1))
    expect(moved.endAt).toEqual(hoursLater(NINE, 2))
    expect(await refusal(moves(id, hoursLater(NINE, 2.5)))).toContain('not free')
  })

  it('may move although its service is no longer offered', async () => {
    const { id } = await books(NINE)
    await harbour.change('Service', harbour.serviceId, { active: false })
    expect((await moves(id, hoursLater(NINE, 4))).status).toBe('confirmed')
    expect(await refusal(books(hoursLater(NINE, 24)))).toContain('is no longer offered')
  })

  it('to where it is already is refused, and counts as no move', async () => {
    const { id } = await books(NINE)
    expect(await refusal(moves(id, NINE))).toContain('is at this time already')
  })

  it('late only by an owner or admin, and the history says which rule gave way', async () => {
    const { id } = await books(NINE)
    const late = { now: hoursLater(NINE, -1), override: 'Car broke down' }
    expect(await refusal(moves(id, hoursLater(NINE, 24), { ...late, role: 'manager' }))).toContain(
      'Only an owner or an admin',
    )
    await moves(id, hoursLater(NINE, 24), { ...late, role: 'admin' })
    const [, step] = await harbour.run('SELECT * FROM "LessonStateHistory" WHERE "bookingId" = $1 ORDER BY id', [id])
    expect(step).toMatchObject({ reason: 'Car broke down', metadata: { overridden: ['time.cutoff'] } })
  })
})

describe('an instructor calls in sick in the morning', () => {
  it('the lessons of the next two hours can still be given to a colleague, without an override', async () => {
    const { id } = await books(NINE)
    await colleague('Sam Stand-in')
    const flu = { instructorId: harbour.instructorId, day: '2027-02-02', reason: 'Flu' }
    const result = await does(db, harbour, (work) => reassignDay(work, flu), { now: minutesLater(NINE, -20) })
    expect(result).toMatchObject({ moved: [{ bookingId: id, to: 'Sam Stand-in' }], left: [] })
  })

  it('but not one that should have begun', async () => {
    await books(NINE)
    await colleague('Sam Stand-in')
    const flu = { instructorId: harbour.instructorId, day: '2027-02-02', reason: 'Flu' }
    const result = await does(db, harbour, (work) => reassignDay(work, flu), { now: minutesLater(NINE, 5) })
    expect(result).toMatchObject({ moved: [], left: [{ why: expect.stringContaining('has passed') }] })
  })
})

describe('calling off', () => {
  it('what nobody has paid needs no policy and gives nothing back', async () => {
    const { id } = await books(NINE, { as: 'pending_payment' })
    const off = { cancelledAs: 'student', reason: 'Changed her mind' } as const
    const { settlement } = await does(db, harbour, (work) => cancelBooking(work, id, off), { now: EARLIER })
    expect(settlement).toEqual({ paidCents: 0, refundCents: 0, keptCents: 0, keptFeeCents: 0, keptShareCents: 0 })
  })

  it.each([-1, 101, 33.3, Number.NaN])('a refund of %s %% is refused', async (refundPercentage) => {
    const { id } = await books(NINE)
    const off = { cancelledAs: 'admin', reason: 'Ill', refundPercentage } as const
    expect(await refusal(does(db, harbour, (work) => cancelBooking(work, id, off), { now: EARLIER }))).toContain(
      'a whole number from 0 to 100 %',
    )
  })

  it('what is over says so, before anybody asks for a policy', async () => {
    const { id } = await books(NINE)
    await does(db, harbour, (work) => startLesson(work, id), { now: NINE })
    await does(db, harbour, (work) => completeLesson(work, id), { now: hoursLater(NINE, 1) })
    await hasPolicies(harbour)
    const off = { cancelledAs: 'student', reason: 'Ill' } as const
    expect(await refusal(does(db, harbour, (work) => cancelBooking(work, id, off), { now: hoursLater(NINE, 2) }))).toBe(
      'A booking that is completed cannot become cancelled.',
    )
  })
})

it('a lesson cannot have ended in the future', async () => {
  const { id } = await books(NINE)
  await does(db, harbour, (work) => startLesson(work, id), { now: NINE })
  const ends = { endedAt: hoursLater(NINE, 5) }
  expect(
    await refusal(does(db, harbour, (work) => completeLesson(work, id, ends), { now: hoursLater(NINE, 1) })),
  ).toContain('cannot have ended in the future')
})

it('once it has begun the clock has nothing more to do', async () => {
  const { id } = await books(NINE)
  await does(db, harbour, (work) => startLesson(work, id), { now: NINE })
  const open = 'SELECT * FROM "ScheduledStateTransition" WHERE "bookingId" = $1 AND "processedAt" IS NULL'
  expect(await harbour.run(open, [id])).toEqual([])
})

it('the buffer is the one of the day, also for a lesson outside the hours', async () => {
  await harbour.run('UPDATE "InstructorWorkingHours" SET "travelBufferMin" = 45')
  const night = await books(hoursLater(NINE, 11), {}, { role: 'owner', override: 'The test is at dawn' })
  expect(night.blockedUntil).toEqual(minutesLater(night.endAt, 45))
})

describe('the car', () => {
  const car = (values: Record<string, unknown>) =>
    harbour.add('Vehicle', { regoState: 'NSW', make: 'Kia', model: 'Rio', ...values })

  it('is the instructor’s own, unless somebody else has it then', async () => {
    const other = await colleague('Sam Second')
    const { id: own } = await car({ rego: 'OWN01', transmission: 'automatic', defaultInstructorId: other })
    await books(NINE, { vehicleId: own })
    const booked = await books(NINE, { studentId: await learner(), instructorId: other })
    expect(booked.vehicleId).toBeNull()
    expect((await books(hoursLater(NINE, 4), { instructorId: other })).vehicleId).toBe(own)
  })

  it('must be the school’s, in use, and have the gearbox of the lesson', async () => {
    const river = await school(test, { name: 'River' })
    expect(await refusal(books(NINE, { vehicleId: river.vehicleId }))).toContain("not one of your school's")
    const { id: old } = await car({ rego: 'OLD01', transmission: 'automatic', active: false })
    expect(await refusal(books(NINE, { vehicleId: old }))).toBe('OLD01 is out of use. Choose another vehicle.')
    const { id: manual } = await car({ rego: 'MAN01', transmission: 'manual' })
    await harbour.change('Service', harbour.serviceId, { transmission: 'automatic' })
    expect(await refusal(books(NINE, { vehicleId: manual }))).toContain('MAN01 is manual, and this lesson is automatic')
    expect(await harbour.run('SELECT id FROM "Booking"')).toEqual([])
  })
})
