import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import {
  explainMoney,
  homelessEvent,
  homelessEvents,
  homelessMoney,
  ignoreEvent,
  releaseEvent,
} from '../../src/stripe/homeless.ts'
import { processEvent } from '../../src/stripe/process-event.ts'
import { refusal } from '../domain/scheduling.ts'
import { cloneDatabase, type Row, type School, school, type TestDatabase } from '../support/database.ts'
import { openStripe, type TestStripe, workerOf } from '../support/stripe.ts'

let base: TestDatabase
let db: Database
let harbour: School
let at: TestStripe
const operator = 'operator@platform.example.test'

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url)
  harbour = await school(base)
  at = await openStripe({ retries: 0 })
  const text = `INSERT INTO "User" (id, email, "fullName", "platformRole") VALUES ($1, $2, 'Op Erator', 'operator')`
  await base.console('superuser', text, [randomUUID(), operator])
})
beforeEach(() => base.console('superuser', 'DELETE FROM "WebhookEvent"'))
afterAll(async () => {
  await at.close()
  await db.close()
  await base.drop()
})

/** An event that was posted, and about which a worker has thought. */
async function arrives(type: string, object: object, account?: string): Promise<string> {
  const eventId = `evt_${randomUUID()}`
  const event = { id: eventId, type, object: 'event', ...(account ? { account } : {}), data: { object } }
  const text = `INSERT INTO "WebhookEvent" (provider, "eventId", "eventType", "stripeAccountId", payload, "receivedAt")
    VALUES ('stripe', $1, $2, $3, $4, now()) RETURNING id`
  const [row] = await base.console('superuser', text, [eventId, type, account ?? null, JSON.stringify(event)])
  await processEvent(workerOf(db), row!.id, { last: true })
  return row!.id
}
const stored = async (id: string): Promise<Row> =>
  (await base.console('superuser', 'SELECT * FROM "WebhookEvent" WHERE id = $1', [id]))[0]!
const decides = { by: operator, reason: 'An account of our other program' }

describe('an event of no school', () => {
  test('is seen by the people of the platform, oldest first, with why it stands there', async () => {
    const strange = await arrives('account.updated', { object: 'account', id: 'acct_nobodys' }, 'acct_nobodys')
    const unknown = await arrives('charge.succeeded', { object: 'charge', id: 'ch_nobodys' })
    expect(await homelessEvents(db)).toEqual([
      expect.objectContaining({ id: strange, status: 'quarantined', account: 'acct_nobodys' }),
      expect.objectContaining({ id: unknown, status: 'failed', lastError: expect.stringContaining('No row') }),
    ])
    const { eventId } = (await homelessEvents(db))[0]!
    expect(await homelessEvent(db, eventId)).toMatchObject({
      id: strange,
      payload: { data: { object: { id: 'acct_nobodys' } } },
    })
    const scraped: string[] = []
    const res = { type: () => ({ send: (text: string) => scraped.push(text) }) }
    await createMetrics(undefined, db).handler(
      { headers: {}, socket: { remoteAddress: '127.0.0.1' } } as never,
      res as never,
      () => {},
    )
    expect(scraped[0]).toContain('webhooks_homeless 2')
  })

  test('is thought about once more when they release it, and finds the school that it has by now', async () => {
    const id = await arrives('account.updated', { object: 'account', id: 'acct_late' }, 'acct_late')
    await harbour.change('Instructor', harbour.instructorId, { stripeAccountId: 'acct_late' })
    await releaseEvent(db, { id, ...decides })
    const queued = `SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'webhook.process' AND data -> 'data' ->> 'webhookEventId' = $1`
    expect((await base.console('superuser', queued, [id]))[0]).toMatchObject({ n: 1 })
    await processEvent(workerOf(db), id, { last: true }).catch(() => {})
    // its school has it now; that there is no such account at Stripe is that school's to see
    expect(await stored(id)).toMatchObject({ orgId: harbour.orgId })
    expect((await stored(id)).decisions).toEqual([
      { at: expect.any(String), by: operator, what: 'released', reason: decides.reason },
    ])
    expect(await refusal(releaseEvent(db, { id, ...decides }))).toContain('without a school')
  })

  test('is put aside with a reason that stays, by people of the platform only, and once', async () => {
    const id = await arrives('account.updated', { object: 'account', id: 'acct_other' }, 'acct_other')
    const owner = `owner@${harbour.slug}.example.test`
    expect(await refusal(ignoreEvent(db, { id, ...decides, by: owner }))).toContain('does not work for the platform')
    expect(await refusal(ignoreEvent(db, { id, ...decides, reason: ' ' }))).toContain('Say why')
    const answers = await Promise.allSettled([1, 2, 3].map(() => ignoreEvent(db, { id, ...decides })))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await stored(id)).toMatchObject({
      status: 'ignored',
      decisions: [expect.objectContaining({ what: 'ignored' })],
    })
    expect(await homelessEvents(db)).toEqual([])
    await expect(
      base.console('superuser', `UPDATE "WebhookEvent" SET decisions = '[]' WHERE id = $1`, [id]),
    ).rejects.toThrow('webhook_decisions_kept')
  })
})

test('money at Stripe of no school is explained by the people of the platform, and shown to no school', async () => {
  await base.console(
    'superuser',
    `INSERT INTO "ReconciliationException" (kind, subject, day, description, "stripeCents", "stripeFeeCents", "differenceCents")
     VALUES ('missing_in_ledger', 'ch_stranger', '2026-11-20', 'Ch that no record knows', 500, 39, 461)`,
  )
  expect(await homelessMoney(db)).toEqual([expect.objectContaining({ subject: 'ch_stranger' })])
  expect(await harbour.run('SELECT id FROM "ReconciliationException"')).toEqual([])
  await explainMoney(db, { id: 'ch_stranger', ...decides })
  expect(await homelessMoney(db)).toEqual([])
})
