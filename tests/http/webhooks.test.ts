import { randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { requestPayment } from '../../src/domain/payments/request-payment.ts'
import { sign } from '../../src/services/stripe-simulator/webhooks.ts'
import { openPaymentAtStripe } from '../../src/stripe/open-payment.ts'
import { processEvent } from '../../src/stripe/process-event.ts'
import { does } from '../domain/scheduling.ts'
import { cloneDatabase, type Row, type School, school, type TestDatabase } from '../support/database.ts'
import { type Browser, startServer, type TestServer } from '../support/server.ts'
import { openStripe, SECRETS, signed, type TestStripe, workerOf } from '../support/stripe.ts'

let base: TestDatabase
let db: Database
let harbour: School
let river: School
let server: TestServer
let at: TestStripe
/** Stripe: no browser, no cookies. */
let post: (init: RequestInit, path?: string) => Promise<Response>
let visitor: Browser

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url, { max: 20 })
  harbour = await school(base)
  river = await school(base, { name: 'River' })
  at = await openStripe({ retries: 0 })
  const panel = { router: (_req: unknown, _res: unknown, next: () => void) => next() }
  server = await startServer({ db, panel })
  visitor = server.visit()
  post = (init, path = '/webhooks/stripe') => fetch(server.url + path, init)
})
beforeEach(() => at.control('/_sim/reset'))
afterAll(async () => {
  await server.close()
  await at.close()
  await db.close()
  await base.drop()
})

const CONNECT = '/webhooks/stripe/connect'
const now = () => Math.floor(Date.now() / 1000)
const stored = (eventId: string): Promise<Row[]> =>
  base.console('superuser', 'SELECT * FROM "WebhookEvent" WHERE "eventId" = $1', [eventId])
const jobsFor = async (row: Row): Promise<number> => {
  const [found] = await base.console(
    'superuser',
    `SELECT count(*)::int FROM pgboss.job WHERE name = 'webhook.process' AND data -> 'data' ->> 'webhookEventId' = $1`,
    [row.id],
  )
  return Number(found!.count)
}
const anEvent = (more: object = {}) => ({
  id: `evt_${randomUUID()}`,
  object: 'event',
  type: 'payment_intent.succeeded',
  livemode: false,
  data: { object: { id: 'pi_unknown', object: 'payment_intent' } },
  ...more,
})

describe('an event that Stripe has signed', () => {
  test('is stored as it came, queued and answered', async () => {
    const event = anEvent()
    const response = await post(signed(event))
    expect([response.status, await response.json()]).toEqual([200, { received: true }])
    const [row] = await stored(event.id)
    expect(row).toMatchObject({ provider: 'stripe', orgId: null, status: 'received', payload: event })
    expect(row!.requestId).toBe(response.headers.get('x-request-id'))
    expect(await jobsFor(row!)).toBe(1)
  })

  test('is taken once, also five times at once and again later', async () => {
    const event = anEvent()
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(signed(event))))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect((await post(signed(event))).status).toBe(200)
    const rows = await stored(event.id)
    expect(rows).toHaveLength(1)
    expect(await jobsFor(rows[0]!)).toBe(1)
  })

  test('may carry the signature of the secret before as well', async () => {
    const event = anEvent()
    const body = JSON.stringify(event)
    const [, right] = sign(body, SECRETS.platform, now()).split(',')
    const [time, wrong] = sign(body, 'whsec_before', now()).split(',')
    const headers = { 'content-type': 'application/json', 'stripe-signature': [time, wrong, right].join(',') }
    expect((await post({ method: 'POST', body, headers })).status).toBe(200)
    expect(await stored(event.id)).toHaveLength(1)
  })

  test('stands beside one that cannot be stored', async () => {
    const events = [anEvent(), anEvent({ data: { object: { id: 'pi_\u0000', object: 'payment_intent' } } }), anEvent()]
    const answers = await Promise.all(events.map((event) => post(signed(event))))
    expect(answers.map(({ status }) => status)).toEqual([200, 500, 200])
    expect(await stored(events[2]!.id)).toHaveLength(1)
  })
})

describe('what is not to be trusted gets 400, and nothing is stored', () => {
  const connect = () => anEvent({ account: 'acct_1', type: 'account.updated' })
  test.each<[string, (event: object) => RequestInit, string?]>([
    ['a forged signature', (event) => signed(event, { secret: 'whsec_guessed' })],
    ['an old one', (event) => signed(event, { at: now() - 301 })],
    ['one from the future', (event) => signed(event, { at: now() + 360 })],
    ['one for the other endpoint', (event) => signed(event, { secret: SECRETS.connect })],
    ['none', (event) => ({ ...signed(event), headers: { 'content-type': 'application/json' } })],
    ['a body that was changed', (event) => ({ ...signed(event), body: JSON.stringify({ ...event, type: 'x' }) })],
    ['another kind of body', (event) => ({ ...signed(event), headers: { 'content-type': 'text/plain' } })],
    [
      'an event of the platform at the endpoint of accounts',
      (event) => signed(event, { secret: SECRETS.connect }),
      CONNECT,
    ],
  ])('%s', async (_what, request, path) => {
    const event = anEvent()
    expect((await post(request(event), path)).status).toBe(400)
    expect(await stored(event.id)).toEqual([])
  })

  test('an event of an account at the endpoint of the platform', async () => {
    const event = connect()
    expect((await post(signed(event))).status).toBe(400)
    expect(await stored(event.id)).toEqual([])
  })

  test('real money where only test money is expected', async () => {
    const event = anEvent({ livemode: true })
    expect((await post(signed(event))).status).toBe(400)
    expect(await stored(event.id)).toEqual([])
    // a Connect endpoint is sent both, and is not switched off for it
    const other = { ...connect(), livemode: true }
    expect((await post(signed(other, { secret: SECRETS.connect }), CONNECT)).status).toBe(200)
    expect(await stored(other.id)).toEqual([])
  })

  test('words that are no JSON, and an address that is not quite right', async () => {
    const headers = { 'content-type': 'application/json', 'stripe-signature': sign('{', SECRETS.platform, now()) }
    expect((await post({ method: 'POST', body: '{', headers })).status).toBe(400)
    expect((await post(signed(anEvent()), '/webhooks/Stripe')).status).not.toBe(200)
    expect((await visitor('/webhooks/stripe')).status).not.toBe(200)
  })
})

async function paidPayment(): Promise<{ paymentId: string; intent: string }> {
  const booking = await harbour.booking()
  const { id: paymentId } = await does(db, harbour, (work) => requestPayment(work, booking.id))
  await openPaymentAtStripe(workerOf(db, harbour), paymentId)
  const [row] = await harbour.run('SELECT "stripePaymentIntentId" AS id FROM "Payment" WHERE id = $1', [paymentId])
  await at.client.paymentIntents.confirm(row!.id, { payment_method: 'pm_card_visa', return_url: 'http://x.test' })
  return { paymentId, intent: row!.id }
}
const statusOf = async (paymentId: string) =>
  (await harbour.run('SELECT status::text FROM "Payment" WHERE id = $1', [paymentId]))[0]!.status
/** Arrives and is thought about as a worker does. */
async function comes(event: Stripe.Event | object, { path = '/webhooks/stripe', last = false } = {}): Promise<Row> {
  const secret = path === CONNECT ? SECRETS.connect : SECRETS.platform
  expect((await post(signed(event, { secret }), path)).status).toBe(200)
  return await thinks((event as Stripe.Event).id, last)
}
async function thinks(eventId: string, last = false): Promise<Row> {
  const [row] = await stored(eventId)
  await processEvent(workerOf(db), row!.id, { last }).catch(() => {})
  return (await stored(eventId))[0]!
}

describe('what becomes of an event', () => {
  test('it finds its school by our own row, and the payment goes where Stripe has it', async () => {
    const { paymentId } = await paidPayment()
    const [event] = at.events('payment_intent.succeeded')
    const done = await comes(event!)
    expect(done).toMatchObject({ orgId: harbour.orgId, status: 'processed', lastError: null, attempts: 1 })
    expect(await statusOf(paymentId)).toBe('succeeded')
  })

  test('the order in which events come does not matter, nor what they say', async () => {
    const { paymentId } = await paidPayment()
    const events = at.events().filter(({ type }) => type.startsWith('payment_intent.'))
    for (const event of events.toReversed()) await comes(event)
    expect(await statusOf(paymentId)).toBe('succeeded')
    // an event that claims what is not so changes nothing
    const lie = anEvent({ type: 'payment_intent.canceled', data: { object: events[0]!.data.object } })
    expect(await comes(lie)).toMatchObject({ status: 'processed' })
    expect(await statusOf(paymentId)).toBe('succeeded')
    const books = await harbour.run('SELECT id FROM "LedgerTransaction" WHERE "refId" = $1', [paymentId])
    expect(books).toHaveLength(1)
  })

  test('it may come before the answer to our own request, and waits for it', async () => {
    const booking = await harbour.booking()
    const { id: paymentId } = await does(db, harbour, (work) => requestPayment(work, booking.id))
    await at.control('/_sim/faults', { kind: 'lost_answer', times: 2 })
    await openPaymentAtStripe(workerOf(db, harbour), paymentId).catch(() => {})
    const [intent] = at.simulator.state.all('payment_intent')
    await at.client.paymentIntents.confirm(intent!.id, { payment_method: 'pm_card_visa', return_url: 'http://x.test' })
    const [event] = at.events('payment_intent.succeeded')
    expect(await comes(event!)).toMatchObject({ orgId: null, status: 'received', attempts: 1 })
    await openPaymentAtStripe(workerOf(db, harbour), paymentId)
    expect(await thinks(event!.id)).toMatchObject({ orgId: harbour.orgId, status: 'processed' })
    expect(await statusOf(paymentId)).toBe('succeeded')
  })

  test('one about nothing of ours is kept, and after the last attempt somebody has to look', async () => {
    const event = anEvent()
    expect(await comes(event)).toMatchObject({ status: 'received', lastError: expect.stringContaining('No row') })
    expect(await thinks(event.id, true)).toMatchObject({ status: 'failed', orgId: null })
  })

  test('one that nothing is done about is ignored', async () => {
    const event = anEvent({ type: 'balance.available', data: { object: { object: 'balance' } } })
    expect(await comes(event)).toMatchObject({ status: 'ignored', processedAt: expect.any(Date) })
  })

  test('Stripe being away is no reason to give it up', async () => {
    const { paymentId } = await paidPayment()
    const [event] = at.events('payment_intent.succeeded')
    await at.control('/_sim/faults', { kind: 'rate_limit', method: 'GET' })
    expect(await comes(event!)).toMatchObject({ status: 'received', orgId: harbour.orgId })
    expect(await thinks(event!.id)).toMatchObject({ status: 'processed', attempts: 2 })
    expect(await statusOf(paymentId)).toBe('succeeded')
  })
})

describe('an instructor’s account', () => {
  async function connected(at_: School): Promise<Stripe.Account> {
    const account = await at.client.accounts.create({ country: 'AU', type: 'express' })
    const instructor = await at_.add('Instructor', { displayName: 'Tui Parata', stripeAccountId: account.id })
    expect(instructor.stripeOnboardingStatus).toBe('not_started')
    return account
  }
  const instructorOf = async (account: string) =>
    (await harbour.run('SELECT * FROM "Instructor" WHERE "stripeAccountId" = $1', [account]))[0]!

  test('is known to be complete, restricted, or gone', async () => {
    const { id } = await connected(harbour)
    await at.control('/_sim/account', { account: id })
    const [updated] = at.events('account.updated')
    expect(await comes(updated!, { path: CONNECT })).toMatchObject({ status: 'processed', stripeAccountId: id })
    expect(await instructorOf(id)).toMatchObject({
      stripeOnboardingStatus: 'complete',
      stripeCapabilities: { transfers: 'active', payouts: true },
      stripeConnectedAt: expect.any(Date),
    })
    await at.control('/_sim/account', { account: id, enabled: false })
    await comes(at.events('capability.updated').at(-1)!, { path: CONNECT })
    expect(await instructorOf(id)).toMatchObject({
      stripeOnboardingStatus: 'restricted',
      stripeRequirementsDue: ['external_account'],
    })
    const gone = anEvent({
      type: 'account.application.deauthorized',
      account: id,
      data: { object: { id: 'ca_1', object: 'application' } },
    })
    await comes(gone, { path: CONNECT })
    expect((await instructorOf(id)).stripeDisconnectedAt).toBeInstanceOf(Date)
  })

  test('that nobody has is quarantined', async () => {
    const event = anEvent({
      type: 'account.updated',
      account: 'acct_stranger',
      data: { object: { id: 'acct_stranger', object: 'account' } },
    })
    expect(await comes(event, { path: CONNECT })).toMatchObject({ status: 'quarantined', orgId: null })
  })

  test('with an object of another school is quarantined, and nothing happens', async () => {
    const { id } = await connected(river)
    const { paymentId, intent } = await paidPayment()
    const object = { id: intent, object: 'payment_intent' }
    const event = anEvent({ account: id, data: { object } })
    expect(await comes(event, { path: CONNECT })).toMatchObject({ status: 'quarantined', orgId: null })
    expect(await statusOf(paymentId)).toBe('intent_created')
  })

  test('speaks for itself only', async () => {
    const [first, second] = [await connected(harbour), await connected(harbour)]
    const event = anEvent({
      type: 'account.updated',
      account: first.id,
      data: { object: { id: second.id, object: 'account' } },
    })
    expect(await comes(event, { path: CONNECT })).toMatchObject({ status: 'quarantined' })
  })
})
