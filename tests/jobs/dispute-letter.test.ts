import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { readersOf } from '../../src/domain/disputes/readers.ts'
import sendLetter from '../../src/jobs/send-dispute-letter.ts'
import { does } from '../domain/scheduling.ts'
import { cloneDatabase, type School, school, type TestDatabase } from '../support/database.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { workerOf } from '../support/stripe.ts'

let base: TestDatabase
let db: Database
let harbour: School
let server: MailServer
let disputeId: string

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url)
  harbour = await school(base)
  server = await startMailServer()
  vi.stubEnv('SMTP_URL', server.url)
  vi.stubEnv('MAIL_FROM', 'DriveFlow <office@school.example>')
  vi.stubEnv('APP_URL', 'https://admin.example')
  vi.stubEnv('DEMO', 'true')
  const { id: paymentId } = await harbour.payment()
  const what = { stripeDisputeId: 'dp_letter', reason: 'fraudulent', amountCents: 8500, openedAt: new Date() }
  const until = new Date('2031-03-04T05:00:00Z')
  disputeId = (await harbour.add('Dispute', { paymentId, status: 'needs_response', ...what, evidenceDueBy: until })).id
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await server.close()
  await db.close()
  await base.drop()
})

const sends = (topic: 'dispute.opened' | 'dispute.closed') =>
  sendLetter.run(
    workerOf(db, harbour),
    { disputeId, userId: harbour.people.finance, topic },
    { number: 1, last: false, signal: new AbortController().signal },
  )

test('finance is written to with the day until which a dispute can be answered, and with what came of it', async () => {
  expect((await does(db, harbour, (work) => readersOf(work))).map(({ id }) => id)).toEqual([harbour.people.finance])
  await sends('dispute.opened')
  const [opened] = server.received
  expect(opened).toMatchObject({ to: `finance@${harbour.slug}.example.test` })
  expect(opened!.header('subject')).toContain('disputes A$85.00')
  expect(opened!.part('text/plain')).toContain('Answer it until Tue 4 Mar 2031, 16:00')
  expect(opened!.part('text/plain')).toContain(
    `https://admin.example/admin/resources/Dispute/records/${disputeId}/show`,
  )
  await sends('dispute.opened')
  expect(server.received[1]!.header('message-id')).toBe(opened!.header('message-id'))
  await harbour.change('Dispute', disputeId, { status: 'lost', closedAt: new Date() })
  await sends('dispute.closed')
  expect(server.received[2]!.part('text/plain')).toContain('The bank keeps the money')
})

test('where nobody looks after the money it is the owner who hears of it', async () => {
  await harbour.run(`UPDATE "UserOrg" SET status = 'suspended' WHERE role = 'finance'`)
  expect((await does(db, harbour, (work) => readersOf(work))).map(({ id }) => id)).toEqual([harbour.people.owner])
})
