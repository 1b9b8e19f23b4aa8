import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { requestPayment } from '../../src/domain/payments/request-payment.ts'
import { stripe } from '../../src/services/stripe.ts'
import { NoAnswer } from '../../src/stripe/ask.ts'
import { openPaymentAtStripe } from '../../src/stripe/open-payment.ts'
import { does } from '../domain/scheduling.ts'
import { cloneDatabase, type Row, type School, school, type TestDatabase } from '../support/database.ts'
import { openStripe, type TestStripe, workerOf } from '../support/stripe.ts'

// money.md, Keys and faults 1–9: whatever goes wrong on the way, Stripe does it once.

let base: TestDatabase
let db: Database
let harbour: School
let at: TestStripe

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url)
  harbour = await school(base)
  at = await openStripe({ timeoutMs: 200, retries: 0 })
})
beforeEach(() => at.control('/_sim/reset'))
afterEach(() => at.control('/_sim/reset'))
afterAll(async () => {
  await at.close()
  await db.close()
  await base.drop()
})

async function asked(): Promise<string> {
  const booking = await harbour.booking()
  return (await does(db, harbour, (work) => requestPayment(work, booking.id))).id
}
const open = (paymentId: string) => openPaymentAtStripe(workerOf(db, harbour), paymentId)
const intents = () => at.simulator.state.all('payment_intent')
const paymentNow = async (id: string) => (await harbour.run('SELECT * FROM "Payment" WHERE id = $1', [id]))[0]!
const callsOf = (id: string): Promise<Row[]> =>
  harbour.run('SELECT * FROM "StripeCall" WHERE "refId" = $1 ORDER BY attempt', [id])
const fault = (wish: object) => at.control('/_sim/faults', wish)

test('a request to Stripe inside a transaction of the database is refused, and nothing was sent', async () => {
  const inside = db.transaction(workerOf(db, harbour), async () => await stripe().balance.retrieve())
  await expect(inside).rejects.toThrow('Stripe was called inside a database transaction')
  // also by a client that was held from before
  const held = db.transaction(workerOf(db, harbour), async () => await at.client.balance.retrieve())
  await expect(held).rejects.toThrow('connection')
  await expect(db.asWorker(async () => await stripe().balance.retrieve())).rejects.toThrow(
    'inside a database transaction',
  )
  expect((await stripe().balance.retrieve()).object).toBe('balance')
})

test('the key is committed before Stripe is asked, and says what it is for', async () => {
  const id = await asked()
  await fault({ kind: 'server_error', times: 9 })
  await expect(open(id)).rejects.toThrow(NoAnswer)
  const [call] = await callsOf(id)
  expect(call).toMatchObject({
    idempotencyKey: `df:${harbour.orgId}:payment.open:${id}:a1`,
    status: 'unknown',
    tries: 1,
    refType: 'Payment',
  })
})

describe('one payment has one intent', () => {
  test('when nothing goes wrong, however often it is asked', async () => {
    const id = await asked()
    expect(await open(id)).toBe('done')
    expect(await open(id)).toBe('done')
    expect(intents()).toHaveLength(1)
    expect((await paymentNow(id)).stripePaymentIntentId).toBe(intents()[0]!.id)
    expect(intents()[0]).toMatchObject({ amount: 8500, currency: 'aud', metadata: { paymentId: id } })
  })

  test('when ten workers ask at once', async () => {
    const id = await asked()
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => open(id)))
    expect(answers.some(({ status }) => status === 'fulfilled')).toBe(true)
    expect(await open(id)).toBe('done')
    expect(intents()).toHaveLength(1)
    expect(await callsOf(id)).toHaveLength(1)
  })

  test.each(['lost_answer', 'timeout', 'rate_limit', 'conflict'])('when the first answers are: %s', async (kind) => {
    const id = await asked()
    await fault({ kind, times: 4 })
    await expect(open(id)).rejects.toThrow(NoAnswer)
    at.simulator.faults.clear()
    expect(await open(id)).toBe('done')
    expect(intents()).toHaveLength(1)
    expect(await callsOf(id)).toMatchObject([{ attempt: 1, status: 'done', tries: 2 }])
  })

  test('when the worker dies after Stripe has done it and before it is written down', async () => {
    const id = await asked()
    await fault({ kind: 'timeout', times: 3 })
    await expect(open(id)).rejects.toThrow(NoAnswer)
    expect(intents()).toHaveLength(1)
    expect(await paymentNow(id)).toMatchObject({ stripePaymentIntentId: null, status: 'intent_created' })
    at.simulator.faults.clear()
    await open(id)
    expect(intents()).toHaveLength(1)
    expect((await paymentNow(id)).stripePaymentIntentId).toBe(intents()[0]!.id)
  })
})

test('an answer that stays a fault for a day is looked for at Stripe, and never asked again', async () => {
  const id = await asked()
  await fault({ kind: 'server_error', after: true })
  await expect(open(id)).rejects.toThrow(NoAnswer)
  // the key remembers the fault: the same question gets the same answer
  await expect(open(id)).rejects.toThrow(NoAnswer)
  const later = `UPDATE "StripeCall" SET "firstTriedAt" = now() - interval '21 hours' WHERE "refId" = $1 RETURNING id`
  await harbour.run(later, [id])
  expect(await open(id)).toBe('done')
  expect(intents()).toHaveLength(1)
  expect((await paymentNow(id)).stripePaymentIntentId).toBe(intents()[0]!.id)
})

test('what Stripe has nothing of after a day stays reserved until a person looks', async () => {
  const id = await asked()
  await fault({ kind: 'server_error' })
  await expect(open(id)).rejects.toThrow(NoAnswer)
  await harbour.run(`UPDATE "StripeCall" SET "firstTriedAt" = now() - interval '21 hours' WHERE "refId" = $1`, [id])
  expect(await open(id)).toBe('stuck')
  expect(intents()).toHaveLength(0)
  expect(await paymentNow(id)).toMatchObject({ status: 'intent_created' })
  expect(await callsOf(id)).toMatchObject([{ status: 'unknown', error: expect.stringContaining('dashboard') }])
})

test('a key that was used for something else stops, and is told', async () => {
  const id = await asked()
  const key = `df:${harbour.orgId}:payment.open:${id}:a1`
  const other = { amount: 100, currency: 'aud', automatic_payment_methods: { enabled: true } }
  await stripe().paymentIntents.create(other, { idempotencyKey: key })
  expect(await open(id)).toBe('stuck')
  expect(await callsOf(id)).toMatchObject([{ status: 'unknown', error: expect.stringContaining('same parameters') }])
})

test('a definite no ends the payment with its reason, and what is asked afterwards has the next key', async () => {
  const id = await asked()
  await fault({ kind: 'refuse', code: 'amount_too_small' })
  expect(await open(id)).toBe('refused')
  expect(await paymentNow(id)).toMatchObject({ status: 'failed', failureCode: 'amount_too_small' })
  expect(await callsOf(id)).toMatchObject([{ attempt: 1, status: 'refused' }])
  // nobody wants it any more
  expect(await open(id)).toBe('unwanted')
  await harbour.change('Payment', id, { status: 'intent_created' })
  expect(await open(id)).toBe('done')
  expect(await callsOf(id)).toMatchObject([
    { attempt: 1 },
    { attempt: 2, idempotencyKey: expect.stringMatching(/:a2$/), status: 'done' },
  ])
})

test('what was asked, and how it ended, is not rewritten', async () => {
  const id = await asked()
  await open(id)
  const [call] = await callsOf(id)
  const refused = { constraint: 'stripe_call_frozen' }
  await expect(harbour.change('StripeCall', call!.id, { idempotencyKey: 'other' })).rejects.toMatchObject(refused)
  const undone = { status: 'pending', finishedAt: null }
  await expect(harbour.change('StripeCall', call!.id, undone)).rejects.toMatchObject(refused)
})
