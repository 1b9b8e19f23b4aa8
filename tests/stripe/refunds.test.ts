import { randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { requestPayment } from '../../src/domain/payments/request-payment.ts'
import { declareNotMade } from '../../src/domain/refunds/declare-not-made.ts'
import { approveRefund } from '../../src/domain/refunds/decide-refund.ts'
import { requestRefund } from '../../src/domain/refunds/request-refund.ts'
import { retryRefund } from '../../src/domain/refunds/retry-refund.ts'
import { NoAnswer } from '../../src/stripe/ask.ts'
import { Intake } from '../../src/stripe/intake.ts'
import { openPaymentAtStripe } from '../../src/stripe/open-payment.ts'
import { processEvent } from '../../src/stripe/process-event.ts'
import { refreshPayment } from '../../src/stripe/refresh-payment.ts'
import { submitRefundAtStripe } from '../../src/stripe/submit-refund.ts'
import { does, refusal } from '../domain/scheduling.ts'
import { cloneDatabase, type Row, type School, school, type TestDatabase } from '../support/database.ts'
import { openStripe, type TestStripe, workerOf } from '../support/stripe.ts'

// money.md, States and faults 3–12, 14, 23, 26 and 28: whatever goes wrong on the way, the money goes back once.

let base: TestDatabase
let db: Database
let harbour: School
let at: TestStripe

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url, { max: 20 })
  harbour = await school(base)
  at = await openStripe({ timeoutMs: 200, retries: 0 })
})
beforeEach(async () => {
  await at.control('/_sim/reset')
  // so that Stripe's fee leaves enough for a whole refund
  await pays((await at.client.paymentIntents.create({ amount: 50_000, currency: 'aud' })).id)
})
afterAll(async () => {
  await at.close()
  await db.close()
  await base.drop()
})

const worker = () => workerOf(db, harbour)
const pays = (intent: string) =>
  at.client.paymentIntents.confirm(intent, { payment_method: 'pm_card_bypassPending', return_url: 'http://x.test' })
const one = async (model: string, id: string): Promise<Row> =>
  (await harbour.run(`SELECT * FROM "${model}" WHERE id = $1`, [id]))[0]!
const refundNow = (id: string) => one('Refund', id)
const atStripe = (): Stripe.Refund[] => at.simulator.state.all('refund')
const callsOf = (id: string): Promise<Row[]> =>
  harbour.run('SELECT * FROM "StripeCall" WHERE "refId" = $1 ORDER BY attempt', [id])
const fault = (wish: object) => at.control('/_sim/faults', { path: '/v1/refunds', ...wish })
const submit = (id: string) => submitRefundAtStripe(worker(), id)
/** What the books hold, without what is zero. */
const balances = async (): Promise<Record<string, number>> => {
  const rows = await harbour.run(
    'SELECT account::text, sum("amountCents")::int AS cents FROM "LedgerEntry" GROUP BY account HAVING sum("amountCents") <> 0',
  )
  return Object.fromEntries(rows.map(({ account, cents }) => [account, cents]))
}

/** A lesson for A$85.00 that was paid by card. */
async function paid(): Promise<{ id: string; intent: string }> {
  const { id: bookingId } = await harbour.booking()
  const { id } = await does(db, harbour, (work) => requestPayment(work, bookingId))
  await openPaymentAtStripe(worker(), id)
  const intent = String((await one('Payment', id)).stripePaymentIntentId)
  await pays(intent)
  await refreshPayment(worker(), id)
  return { id, intent }
}
const wish = (paymentId: string, amountCents?: number) =>
  ({ paymentId, amountCents, reasonCode: 'goodwill', reason: 'Sorry', key: randomUUID() }) as const
const asked = async (paymentId: string, amountCents = 4250): Promise<string> =>
  (await does(db, harbour, (work) => requestRefund(work, wish(paymentId, amountCents)))).id

/** Brings events to us, as Stripe does: stored and thought about, in this order. */
async function deliver(events: readonly Stripe.Event[]): Promise<string[]> {
  const intake = new Intake(db)
  const ends: string[] = []
  for (const event of events) {
    const arrived = { eventId: event.id, type: event.type, account: null, payload: JSON.stringify(event) }
    await intake.take({ ...arrived, requestId: randomUUID() })
    const [row] = await base.console('superuser', 'SELECT id FROM "WebhookEvent" WHERE "eventId" = $1', [event.id])
    await processEvent(workerOf(db), row!.id, { last: true }).catch(() => {})
    const [now] = await base.console('superuser', 'SELECT status::text FROM "WebhookEvent" WHERE id = $1', [row!.id])
    ends.push(String(now!.status))
  }
  return ends
}
const refundEvents = () => at.events().filter(({ type }) => type.startsWith('refund') || type === 'charge.refunded')

test('half of a payment goes back to the card: once at Stripe, in the books, on the payment, and the learner can be told', async () => {
  const { id, intent } = await paid()
  const refundId = await asked(id)
  expect(await refundNow(refundId)).toMatchObject({ status: 'submitting', approvedById: null, settledAt: null })
  expect(await submit(refundId)).toBe('done')
  expect(await submit(refundId)).toBe('done')
  expect(atStripe()).toMatchObject([{ amount: 4250, payment_intent: intent, metadata: { refundId } }])
  expect(await refundNow(refundId)).toMatchObject({ status: 'succeeded', stripeRefundId: atStripe()[0]!.id })
  expect(await one('Payment', id)).toMatchObject({ status: 'partially_refunded', refundedCents: 4250 })
  const books = await balances()
  expect(books).toEqual({ stripe_balance: 8325 - 4250, processor_fees: 175, unearned_lessons: -4250 })
  const told = await harbour.run('SELECT topic FROM "Outbox" WHERE "aggregateId" = $1 ORDER BY "aggregateVersion"', [
    refundId,
  ])
  expect(told.map(({ topic }) => topic)).toEqual(['refund.approved', 'refund.succeeded'])
  // the rest, and then there is nothing left
  await submit(await asked(id))
  expect(await one('Payment', id)).toMatchObject({ status: 'refunded', refundedCents: 8500 })
  expect(await refusal(asked(id, 1))).toContain('refunded already')
})

describe('one refund is one refund at Stripe', () => {
  test.each(['lost_answer', 'timeout', 'reset', 'rate_limit', 'conflict'])(
    'when the first answers are: %s',
    async (kind) => {
      const refundId = await asked((await paid()).id)
      await fault({ kind, times: 4 })
      await expect(submit(refundId)).rejects.toThrow(NoAnswer)
      const isUnclear = kind !== 'rate_limit' && kind !== 'conflict'
      // what may have happened keeps its money reserved
      expect(await refundNow(refundId)).toMatchObject({ status: isUnclear ? 'unknown' : 'submitting' })
      at.simulator.faults.clear()
      expect(await submit(refundId)).toBe('done')
      expect(atStripe()).toHaveLength(1)
      expect(await callsOf(refundId)).toMatchObject([{ attempt: 1, status: 'done', tries: 2 }])
      expect(await refundNow(refundId)).toMatchObject({ status: 'succeeded', note: null })
    },
  )

  test('when ten workers send it at once', async () => {
    const refundId = await asked((await paid()).id)
    await Promise.allSettled(Array.from({ length: 10 }, () => submit(refundId)))
    expect(await submit(refundId)).toBe('done')
    expect(atStripe()).toHaveLength(1)
  })

  test('when a fault of Stripe is all the answer for a day: it is looked for, and not sent again', async () => {
    const refundId = await asked((await paid()).id)
    await fault({ kind: 'server_error', after: true })
    await expect(submit(refundId)).rejects.toThrow(NoAnswer)
    await harbour.run(`UPDATE "StripeCall" SET "firstTriedAt" = now() - interval '21 hours' WHERE "refId" = $1`, [
      refundId,
    ])
    expect(await submit(refundId)).toBe('done')
    expect(atStripe()).toHaveLength(1)
    expect(await refundNow(refundId)).toMatchObject({ status: 'succeeded' })
  })

  test('when its event is here before the answer, five times, and the answer comes late', async () => {
    const { id } = await paid()
    const refundId = await asked(id)
    await fault({ kind: 'timeout' })
    await expect(submit(refundId)).rejects.toThrow(NoAnswer)
    const events = refundEvents()
    expect(await deliver([...events, ...events, ...events].toReversed())).not.toContain('failed')
    expect(await refundNow(refundId)).toMatchObject({ status: 'succeeded', isImported: false })
    expect(await submit(refundId)).toBe('done')
    expect(await harbour.run('SELECT id FROM "Refund" WHERE "paymentId" = $1', [id])).toHaveLength(1)
    expect(await one('Payment', id)).toMatchObject({ refundedCents: 4250 })
  })
})

test('nothing at Stripe after a day: it stays reserved, and says what a person has to do', async () => {
  const { id } = await paid()
  const refundId = await asked(id, 8500)
  await fault({ kind: 'server_error' })
  await expect(submit(refundId)).rejects.toThrow(NoAnswer)
  const early = does(db, harbour, (work) => declareNotMade(work, refundId), { role: 'finance' })
  expect(await refusal(early)).toContain('still asked about it')
  await harbour.run(`UPDATE "StripeCall" SET "firstTriedAt" = now() - interval '21 hours' WHERE "refId" = $1`, [
    refundId,
  ])
  expect(await submit(refundId)).toBe('stuck')
  expect(await refundNow(refundId)).toMatchObject({
    status: 'unknown',
    note: expect.stringContaining('Stripe dashboard'),
  })
  expect(await refusal(asked(id, 100))).toContain('refunded already, or waits')
  // somebody has looked, and there is nothing: it can be asked for again
  await does(db, harbour, (work) => declareNotMade(work, refundId), { role: 'finance' })
  await does(db, harbour, (work) => retryRefund(work, refundId))
  expect(await submit(refundId)).toBe('done')
  expect(atStripe()).toHaveLength(1)
  expect(await callsOf(refundId)).toMatchObject([{ status: 'refused' }, { attempt: 2, status: 'done' }])
})

test('what Stripe refuses has failed with its reason, is out of the books, and is tried again as the next attempt', async () => {
  const before = await balances()
  const { id } = await paid()
  const refundId = await asked(id)
  await fault({ kind: 'refuse', code: 'balance_insufficient' })
  expect(await submit(refundId)).toBe('refused')
  expect(await refundNow(refundId)).toMatchObject({
    status: 'failed',
    failureCode: 'balance_insufficient',
    note: expect.stringContaining('the balance at Stripe is too small'),
  })
  const { unearned_lessons: owed, refunds } = await balances()
  expect([owed, refunds]).toEqual([(before.unearned_lessons ?? 0) - 8500, before.refunds])
  await does(db, harbour, (work) => retryRefund(work, refundId))
  expect(await submit(refundId)).toBe('done')
  expect(await callsOf(refundId)).toMatchObject([
    { attempt: 1, status: 'refused' },
    { attempt: 2, status: 'done', idempotencyKey: expect.stringMatching(/:a2$/) },
  ])
  expect(await refundNow(refundId)).toMatchObject({ status: 'succeeded', failureCode: null, note: null })
  expect(await one('Payment', id)).toMatchObject({ refundedCents: 4250 })
  expect(await refusal(does(db, harbour, (work) => retryRefund(work, refundId)))).toContain('has failed')
})

test('what the balance is too small for waits at Stripe, and is paid when there is enough', async () => {
  await at.control('/_sim/reset')
  const { id } = await paid()
  const refundId = await asked(id, 8500)
  await submit(refundId)
  expect(await refundNow(refundId)).toMatchObject({
    status: 'pending',
    note: expect.stringContaining('as soon as there is enough'),
  })
  expect(await one('Payment', id)).toMatchObject({ status: 'succeeded', refundedCents: 0 })
  await paid()
  await at.control('/_sim/settle')
  expect(await deliver(refundEvents())).not.toContain('failed')
  expect(await refundNow(refundId)).toMatchObject({ status: 'succeeded', note: null })
  expect(await one('Payment', id)).toMatchObject({ status: 'refunded' })
})

test('a refund that fails weeks later is out of the books, says so, and the money is refundable again', async () => {
  const { id } = await paid()
  const before = await balances()
  const refundId = await asked(id, 8500)
  await submit(refundId)
  await at.control('/_sim/refund/fail', { refund: atStripe()[0]!.id })
  const events = refundEvents()
  // late, twice and backwards
  expect(await deliver([...events, ...events].toReversed())).not.toContain('failed')
  expect(await balances()).toEqual(before)
  expect(await one('Payment', id)).toMatchObject({ status: 'succeeded', refundedCents: 0 })
  expect(await refundNow(refundId)).toMatchObject({
    status: 'failed',
    settledAt: null,
    note: expect.stringContaining('returned by the learner’s bank: the card was lost or stolen'),
  })
  // what was made once is not made again under its own name: another one is
  const again = await does(db, harbour, (work) => retryRefund(work, refundId))
  expect(again).toMatchObject({ status: 'submitting', amountCents: 8500 })
  expect(again.id).not.toBe(refundId)
  expect(await refusal(does(db, harbour, (work) => retryRefund(work, refundId)))).toContain('already')
  expect(await refundNow(refundId)).toMatchObject({ status: 'failed', isSeenTo: true })
  await submit(again.id)
  expect(await one('Payment', id)).toMatchObject({ status: 'refunded' })
})

describe('a refund that somebody makes in Stripe’s dashboard', () => {
  test('is taken in once, in the books and flagged', async () => {
    const { id, intent } = await paid()
    await at.control('/_sim/dashboard/refund', { payment_intent: intent, amount: 2_000 })
    const events = refundEvents()
    expect(await deliver([...events, ...events].toReversed())).not.toContain('failed')
    const refunds = await harbour.run('SELECT * FROM "Refund" WHERE "paymentId" = $1', [id])
    expect(refunds).toMatchObject([
      { amountCents: 2000, platformFeeCents: 300, status: 'succeeded', isImported: true, requestedById: null },
    ])
    expect(String(refunds[0]!.note)).toContain('past the rules and approvals')
    expect(await one('Payment', id)).toMatchObject({ status: 'partially_refunded', refundedCents: 2000 })
    expect(await refusal(asked(id, 8500))).toContain('A$65.00 is left')
  })

  test('goes before one that waits for its approval here', async () => {
    const { id, intent } = await paid()
    const waiting = await does(db, harbour, (work) => requestRefund(work, { ...wish(id, 8500), isOverride: true }))
    await at.control('/_sim/dashboard/refund', { payment_intent: intent, amount: 6_000 })
    expect(await deliver(refundEvents())).not.toContain('failed')
    expect(await refundNow(waiting.id)).toMatchObject({ status: 'canceled', note: expect.stringContaining('gave way') })
    const approving = does(db, harbour, (work) => approveRefund(work, waiting.id), { role: 'finance' })
    expect(await refusal(approving)).toContain('any more')
    expect(await one('Payment', id)).toMatchObject({ refundedCents: 6000 })
    expect(await refusal(does(db, harbour, (work) => retryRefund(work, waiting.id)))).toContain('more than is left')
  })

  test('while ours is on its way counts once ours has been refused', async () => {
    const { id, intent } = await paid()
    const refundId = await asked(id, 8500)
    await at.control('/_sim/dashboard/refund', { payment_intent: intent, amount: 6_000 })
    expect(await deliver(refundEvents().slice(0, 1))).toEqual(['failed'])
    expect(await submit(refundId)).toBe('refused')
    expect(await refundNow(refundId)).toMatchObject({ status: 'failed', failureCode: 'amount_too_large' })
    expect(await deliver(refundEvents().slice(1))).toEqual(['processed'])
    expect(await one('Payment', id)).toMatchObject({ status: 'partially_refunded', refundedCents: 6000 })
  })
})
