import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { AppError } from '../../src/core/errors.ts'
import { bookLesson, type Order } from '../../src/domain/bookings/book-lesson.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { act, operations } from './operations.ts'
import { brokenInvariants } from './invariants.ts'
import { does, hasPolicies, hoursLater, orderOf, worksWeekdays } from './scheduling.ts'

let test: TestDatabase
let db: Database
let harbour: School

/** A Tuesday, nine in the morning in Sydney. */
const TUESDAY_9 = new Date('2027-02-01T22:00:00Z')
const EARLIER = new Date('2027-01-20T00:00:00Z')

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour' })
  db = await openDatabase(test.url, { max: 20 })
  await worksWeekdays(harbour)
  await hasPolicies(harbour)
})

afterAll(async () => {
  await db.close()
  await test.drop()
})

const learner = async (): Promise<string> =>
  (await harbour.add('Student', { fullName: 'Leo Rossi', dob: '2001-02-03' })).id
const instructor = async (displayName: string): Promise<string> => {
  const { id } = await harbour.add('Instructor', { displayName })
  await worksWeekdays(harbour, id)
  return id
}
const times = async <T>(count: number, fn: (n: number) => Promise<T>): Promise<T[]> =>
  await Promise.all(Array.from({ length: count }, (_, n) => fn(n)))

/** Twenty bookings at the same moment: how many there are afterwards, and what the others hear. */
async function race(orders: Order[]): Promise<{ booked: number; refusals: unknown[] }> {
  const settled = await Promise.allSettled(
    orders.map((order) => does(db, harbour, (work) => bookLesson(work, order), { now: EARLIER })),
  )
  return {
    booked: settled.filter(({ status }) => status === 'fulfilled').length,
    refusals: settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])),
  }
}

const kinds = (refusals: unknown[]) => [
  ...new Set(refusals.map((one) => one instanceof AppError && one.constructor.name)),
]

it('of twenty who want the same hour of an instructor one gets it, and the others a sentence', async () => {
  const learners = await times(20, learner)
  const { booked, refusals } = await race(learners.map((studentId) => orderOf(harbour, TUESDAY_9, { studentId })))
  expect([booked, refusals.length]).toEqual([1, 19])
  expect(kinds(refusals)).toEqual(['InvalidForm'])
})

it('a student who is booked twenty times with two instructors is booked once', async () => {
  const other = await instructor('Sam Second')
  const studentId = await learner()
  const startAt = hoursLater(TUESDAY_9, 24)
  const { booked, refusals } = await race(
    Array.from({ length: 20 }, (_, n) =>
      orderOf(harbour, startAt, { studentId, instructorId: n % 2 ? other : harbour.instructorId }),
    ),
  )
  expect([booked, refusals.length]).toEqual([1, 19])
  expect(refusals.every((one) => one instanceof AppError)).toBe(true)
})

it('a vehicle that twenty instructors want is given to one', async () => {
  const startAt = hoursLater(TUESDAY_9, 48)
  const orders = await times(20, async (n) =>
    orderOf(harbour, startAt, {
      studentId: await learner(),
      instructorId: await instructor(`Instructor ${n}`),
      vehicleId: harbour.vehicleId,
    }),
  )
  const { booked, refusals } = await race(orders)
  expect([booked, refusals.length]).toEqual([1, 19])
  expect(refusals[0]).toMatchObject({ kind: 'Conflict', message: expect.stringContaining('already in use') })
})

it('the same request that arrives twenty times at once is one booking, and everybody gets it', async () => {
  const order = orderOf(harbour, hoursLater(TUESDAY_9, 26), { studentId: await learner() })
  const bookings = await times(20, () => does(db, harbour, (work) => bookLesson(work, order), { now: EARLIER }))
  expect(new Set(bookings.map(({ id }) => id)).size).toBe(1)
})

it('twenty bookings of different hours do not make more lessons than the instructor gives in a day', async () => {
  const busy = await instructor('Bea Busy')
  await harbour.run('UPDATE "InstructorWorkingHours" SET "maxLessonsPerDay" = 2 WHERE "instructorId" = $1', [busy])
  const startsAt = [0, 1.5, 4, 5.25, 6.5].map((hours) => hoursLater(TUESDAY_9, 72 + hours))
  const orders = await times(20, async (n) =>
    orderOf(harbour, startsAt[n % 5]!, { studentId: await learner(), instructorId: busy }),
  )
  expect((await race(orders)).booked).toBe(2)
})

it('two hundred operations at the same time on one week leave everything in order', { timeout: 240_000 }, async () => {
  const sometime = { seed: 20261123, numRuns: 2, endOnFailure: true }
  await fc.assert(
    fc.asyncProperty(fc.array(operations, { minLength: 200, maxLength: 200 }), async (wanted) => {
      const one = await school(test, { name: `Week ${randomUUID().slice(0, 4)}` })
      await worksWeekdays(one)
      await hasPolicies(one)
      await one.run('UPDATE "InstructorWorkingHours" SET "maxLessonsPerDay" = 5')
      const { id: colleague } = await one.add('Instructor', { displayName: 'Sam Second' })
      await worksWeekdays(one, colleague)
      const learners = await Promise.all(
        Array.from({ length: 12 }, (_, n) => one.add('Student', { fullName: `Learner ${n}`, dob: '2001-02-03' })),
      )
      const week = { db, school: one, learners: learners.map(({ id }) => id) }
      const outcomes = await sideBySide(wanted, (operation) => act(week, operation))
      const faults = outcomes.flatMap((one) =>
        one.status === 'rejected' && !(one.reason instanceof AppError) ? [String(one.reason)] : [],
      )
      expect(faults).toEqual([])
      // the week was lived, not only refused
      expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(40)
      expect(await brokenInvariants(one)).toEqual({})
    }),
    sometime,
  )
})

/** Twenty at a time, as many as there are connections. */
async function sideBySide<T>(all: readonly T[], fn: (one: T) => Promise<void>): Promise<PromiseSettledResult<void>[]> {
  const queue = [...all]
  const outcomes: PromiseSettledResult<void>[] = []
  const worker = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift())
      outcomes.push(...(await Promise.allSettled([fn(one)])))
  }
  await Promise.all(Array.from({ length: 20 }, worker))
  return outcomes
}
