import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import type { Context } from '../../src/core/context.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { enqueue } from '../../src/core/jobs.ts'
import { bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { rescheduleBooking } from '../../src/domain/bookings/reschedule-booking.ts'
import { dueMessages } from '../../src/domain/messages/send.ts'
import sendMessage, { deliver } from '../../src/jobs/send-message.ts'
import { carriersOf } from '../../src/services/messages.ts'
import { does, orderOf, worksWeekdays } from '../domain/scheduling.ts'
import { cleanUp, endPrograms, Program, untilTrue } from '../process/program.ts'
import { type Row, type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { type School, school } from '../support/school.ts'

let test: TestDatabase
let db: Database
let ours: School
let server: MailServer
let ctx: Context

beforeEach(async () => {
  test = await cloneDatabase()
  db = await openDatabase(test.url)
  ours = await school(test)
  server = await startMailServer()
  ctx = { db, orgId: ours.orgId, userId: null, role: null, actorKind: 'system', ip: null, requestId: 'worker' }
})

afterEach(async () => {
  await endPrograms()
  await server.close()
  await db.close()
  await test.drop()
})

afterAll(cleanUp)

async function startWorker(): Promise<Program> {
  const worker = new Program('tests/jobs/mail-worker.ts', [test.url, server.url])
  await worker.says(/^working/m)
  return worker
}

async function queued(): Promise<string> {
  const { id } = await ours.add('Message', {
    toAddress: 'mia@example.test',
    channel: 'email',
    templateKey: 'booking_confirmed',
    subject: 'Your lesson',
    body: 'See you.',
    sendAt: new Date(Date.now() - 60_000),
  })
  await db.transaction(ctx, (tx) => enqueue({ ...ctx, tx }, sendMessage, { messageId: id }))
  return id
}

const stored = async (id: string): Promise<Row> => (await ours.run('SELECT * FROM "Message" WHERE id = $1', [id]))[0]!
const attempts = (id: string): Promise<Row[]> =>
  ours.run('SELECT * FROM "MessageDelivery" WHERE "messageId" = $1', [id])

it('a booking and its move arrive as one mail each, in their order', async () => {
  await worksWeekdays(ours)
  await ours.change('Student', ours.studentId, { dob: '2000-01-01' })
  await ours.run(`UPDATE "OrgSettings" SET "quietEndTime" = "quietStartTime", "maxAdvanceDays" = 730`)
  await startWorker()
  const startAt = nextTuesdayAt9()
  const { id } = await does(db, ours, (work) => bookLesson(work, orderOf(ours, startAt)))
  await untilTrue(() => server.received.length === 1, 'the confirmation')
  await does(db, ours, (work) => rescheduleBooking(work, id, { startAt: new Date(startAt.getTime() + 3_600_000) }))
  await untilTrue(() => server.received.length === 2, 'the move')
  expect(server.received.map((mail) => mail.header('Subject').slice(0, 13))).toEqual(['Your lesson o', 'Your lesson i'])
  expect(server.received.map((mail) => /SEQUENCE:(\d)/.exec(mail.part('text/calendar'))?.[1])).toEqual(['1', '2'])
  const waiting = `SELECT FROM "Message" WHERE channel = 'email' AND status <> 'sent'`
  await untilTrue(async () => (await ours.run(waiting)).length === 0, 'both to be written down as sent')
}, 60_000)

it('a worker that is killed before the mail server has the mail is followed by another, and the mail arrives once', async () => {
  server.faults.push({ at: 'slow-recipient', ms: 60_000 })
  const killed = await startWorker()
  const id = await queued()
  await untilTrue(async () => server.faults.length === 0 && (await attempts(id)).length === 1, 'the mail to be begun')
  await killed.signal('SIGKILL')
  await startWorker()
  await untilTrue(async () => (await stored(id)).status === 'sent', 'the next worker to send it', 45_000)
  expect(server.received).toHaveLength(1)
  expect(await stored(id)).toMatchObject({ attempts: 1 })
}, 90_000)

it('a worker that is killed while the mail server takes the mail leaves it in doubt: it is not sent twice', async () => {
  server.faults.push({ at: 'slow', ms: 2_000 })
  const killed = await startWorker()
  const id = await queued()
  await untilTrue(async () => (await attempts(id))[0]?.handedOverAt != null, 'the mail to be handed over')
  await killed.signal('SIGKILL')
  await startWorker()
  // the queue hands the job of the dead worker to the next one, which sees that the mail may have gone
  await untilTrue(async () => (await jobsOf()).every(({ state }) => state === 'completed'), 'the job to end', 45_000)
  expect((await stored(id)).status).toBe('queued')
  const now = new Date(Date.now() + 3 * 60_000)
  const work = { ...ctx, now }
  expect(await db.transaction(work, (tx) => dueMessages({ ...work, tx }, 10))).toEqual([id])
  const carriers = carriersOf({ smtpUrl: server.url, mailFrom: 'office@school.example', appUrl: 'https://a.example' })
  await deliver(work, id, carriers)
  expect(await stored(id)).toMatchObject({ status: 'failed', error: expect.stringMatching(/^In doubt/) as string })
  expect(server.received).toHaveLength(1)
}, 90_000)

const jobsOf = (): Promise<Row[]> =>
  test.console('superuser', `SELECT state FROM pgboss.job WHERE name = 'message.send'`)

function nextTuesdayAt9(): Date {
  const day = new Date()
  do day.setUTCDate(day.getUTCDate() + 1)
  while (day.getUTCDay() !== 1 || day.getTime() < Date.now() + 2 * 86_400_000)
  // Monday 22:30 in UTC is Tuesday morning in Sydney, in summer and in winter
  day.setUTCHours(23, 0, 0, 0)
  return day
}
