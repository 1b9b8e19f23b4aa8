import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { does, hoursLater, minutesLater, orderOf, worksWeekdays } from '../domain/scheduling.ts'
import { cloneDatabase, type TestDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { cleanUp, endPrograms, Program, untilTrue } from './program.ts'

let database: TestDatabase
let db: Database
let harbour: School

const now = new Date()

beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  harbour = await school(database, { name: 'Harbour', timeZone: 'Australia/Brisbane' })
  await worksWeekdays(harbour)
  await harbour.change('Student', harbour.studentId, { dob: '2000-01-01' })
})
afterEach(endPrograms)
afterAll(async () => {
  await cleanUp()
  await db.close()
  await database.drop()
})

/** Nine in the morning in Brisbane on the Tuesday of the week after the next. */
function tuesday(): Date {
  const midnight = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), 23))
  return hoursLater(midnight, 24 * (((8 - midnight.getUTCDay()) % 7) + 7))
}

const books = (as: 'draft' | 'pending_payment', { hours, at }: { hours: number; at: Date }) =>
  does(db, harbour, (work) => bookLesson(work, orderOf(harbour, hoursLater(tuesday(), hours), { as })), { now: at })

const startWorker = async (): Promise<Program> => {
  const worker = new Program('tests/process/clock-worker.ts', [database.url])
  await worker.says(/^working/m)
  return worker
}

const byText = (a: string, b: string): number => a.localeCompare(b)

/** As pg-boss says it when a minute has come. */
const tick = () =>
  database.console(
    'superuser',
    `INSERT INTO pgboss.job (name, data, retry_limit, expire_seconds, keep_until) VALUES ('schedule.due',
       '{"job": "booking.execute-transitions", "zone": "Australia/Brisbane"}', 1, 60, now() + interval '1 day')`,
  )

test('what came due while no worker ran is done at the next start: once, and in the order in which it came due', async () => {
  const first = await startWorker()
  expect(await first.signal('SIGTERM')).toBe(0)
  // both are due by now: the draft an hour ago, the hold two and a half
  const draft = await books('draft', { hours: 0, at: hoursLater(now, -2) })
  const hold = await books('pending_payment', { hours: 2, at: hoursLater(now, -3) })
  const later = await books('pending_payment', { hours: 4, at: minutesLater(now, -1) })

  await Promise.all([startWorker(), startWorker()])
  await Promise.all([tick(), tick()])
  const cancelled = () =>
    harbour.run(`SELECT "aggregateId" AS id FROM "Outbox" WHERE topic = 'booking.cancelled' ORDER BY seq`)
  await untilTrue(async () => (await cancelled()).length >= 2, 'both to be freed', 45_000)
  // and by the second time that it was told, nothing more
  await untilTrue(async () => {
    const [open] = await database.console(
      'superuser',
      `SELECT count(*)::int AS n FROM pgboss.job WHERE name IN ('schedule.due', 'booking.execute-transitions')
         AND state IN ('created', 'retry', 'active')`,
    )
    return open!.n === 0
  }, 'the queue to be empty')
  expect((await cancelled()).map(({ id }) => id)).toEqual([hold.id, draft.id])
  const told = await harbour.run(
    `SELECT "bookingId", "actorUserId" FROM "LessonStateHistory" WHERE "toStatus" = 'cancelled' ORDER BY "createdAt", id`,
  )
  expect(told.map(({ bookingId }) => bookingId).toSorted(byText)).toEqual([hold.id, draft.id].toSorted(byText))
  expect(told.map(({ actorUserId }) => actorUserId)).toEqual([null, null])
  expect((await harbour.run(`SELECT status FROM "Booking" WHERE id = $1`, [later.id]))[0]!.status).toBe(
    'pending_payment',
  )
}, 90_000)
