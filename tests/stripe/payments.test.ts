import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts'
import { executeDue } from '../../src/domain/bookings/execute-due.ts'
import { requestPayment } from '../../src/domain/payments/request-payment.ts'
import { recordPayment } from '../../src/domain/payments/record-payment.ts'
import { closePaymentAtStripe } from '../../src/stripe/close-payment.ts'
import { openPaymentAtStripe } from '../../src/stripe/open-payment.ts'
import { refreshPayment } from '../../src/stripe/refresh-payment.ts'
import { resume } from '../../src/stripe/resume.ts'
import { does, hasPolicies, hoursLater, orderOf, refusal, worksWeekdays } from '../domain/scheduling.ts'
import { cloneDatabase, type Row, type School, school, type TestDatabase } from '../support/database.ts'
import { openStripe, type TestStripe, workerOf } from '../support/stripe.ts'

let base: TestDatabase
let db: Database
let harbour: School
let at: TestStripe

/** Tuesdays, nine in the morning in Brisbane; each test has a week of its own. */
let tuesday = new Date('2027-02-01T23:00:00Z')
const nextWeek = (): Date => (tuesday = hoursLater(tuesday, 24 * 7))
const earlier = (): Date => hoursLater(tuesday, -24 * 3)

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url, { max: 20 })
  harbour = await school(base, { timeZone: 'Australia/Brisbane' })
  await worksWeekdays(harbour)
  await hasPolicies(harbour)
  await harbour.change('Student', harbour.studentId, { dob: '2000-01-01' })
  at = await openStripe({ retries: 0 })
})
beforeEach(() => at.control('/_sim/reset'))
afterAll(async () => {
  await at.close()
  await db.close()
  await base.drop()
})

const held = () =>
  does(db, harbour, (work) => bookLesson(work, orderOf(harbour, nextWeek(), { as: 'pending_payment' })), {
    now: earlier(),
  })
const requested = (bookingId: string) =>
  does(db, harbour, (work) => requestPayment(work, bookingId), { now: earlier() })
const worker = () => ({ ...workerOf(db, harbour), now: earlier() })
const one = async (model: string, id: string): Promise<Row> =>
  (await harbour.run(`SELECT * FROM "${model}" WHERE id = $1`, [id]))[0]!
const booksOf = (paymentId: string) =>
  harbour.run(
    `SELECT e.account::text, e."amountCents" AS cents FROM "LedgerEntry" e JOIN "LedgerTransaction" t ON t.id = e."transactionId"
      WHERE t."refId" = $1 ORDER BY e.account`,
    [paymentId],
  )
const topicsOf = async (id: string) =>
  (await harbour.run('SELECT topic FROM "Outbox" WHERE "aggregateId" = $1 ORDER BY "aggregateVersion"', [id])).map(
    ({ topic }) => topic,
  )

/** A held lesson that was asked for by card, with its intent at Stripe. */
async function open(): Promise<{ bookingId: string; paymentId: string; intent: string }> {
  const { id: bookingId } = await held()
  const { id: paymentId } = await requested(bookingId)
  await openPaymentAtStripe(worker(), paymentId)
  return { bookingId, paymentId, intent: String((await one('Payment', paymentId)).stripePaymentIntentId) }
}
const pays = (intent: string, payment_method = 'pm_card_visa') =>
  at.client.paymentIntents.confirm(intent, { payment_method, return_url: 'http://x.test' })
const refresh = (paymentId: string) => refreshPayment(worker(), paymentId)
const expires = () => executeDue(worker(), hoursLater(earlier(), 1), 100)

describe('a learner who pays by card', () => {
  test('has the lesson, the school has the money in its books, and everybody can be told', async () => {
    const { bookingId, paymentId, intent } = await open()
    await pays(intent)
    await refresh(paymentId)
    expect(await one('Payment', paymentId)).toMatchObject({
      status: 'succeeded',
      amountCents: 8500,
      processorFeeCents: 175,
      gstCents: 773,
      stripeChargeId: expect.stringMatching(/^ch_/),
    })
    expect(await one('Booking', bookingId)).toMatchObject({ status: 'confirmed', holdExpiresAt: null })
    expect(await booksOf(paymentId)).toEqual([
      { account: 'stripe_balance', cents: 8325 },
      { account: 'unearned_lessons', cents: -8500 },
      { account: 'processor_fees', cents: 175 },
    ])
    expect(await topicsOf(paymentId)).toEqual(['payment.requested', 'payment.succeeded'])
    const [step] = await harbour.run(
      `SELECT reason FROM "LessonStateHistory" WHERE "bookingId" = $1 AND "toStatus" = 'confirmed'`,
      [bookingId],
    )
    expect(step).toMatchObject({ reason: 'Paid by card' })
    const [audit] = await harbour.run(
      `SELECT "actorKind"::text FROM "AuditLog" WHERE "entityId" = $1 AND after ->> 'status' = 'succeeded'`,
      [paymentId],
    )
    expect(audit).toMatchObject({ actorKind: 'webhook' })
  })

  test('pays once, however often and by how many that is noticed', async () => {
    const { bookingId, paymentId, intent } = await open()
    await pays(intent)
    await Promise.all(Array.from({ length: 5 }, () => refresh(paymentId)))
    await refresh(paymentId)
    expect(await booksOf(paymentId)).toHaveLength(3)
    expect(await topicsOf(paymentId)).toEqual(['payment.requested', 'payment.succeeded'])
    expect(await topicsOf(bookingId)).toEqual(['booking.pending_payment', 'booking.confirmed'])
  })

  test('and whose card is declined can try another one; the lesson waits', async () => {
    const { bookingId, paymentId, intent } = await open()
    await pays(intent, 'pm_card_chargeDeclinedInsufficientFunds').catch(() => {})
    await refresh(paymentId)
    expect(await one('Payment', paymentId)).toMatchObject({
      status: 'intent_created',
      failureCode: 'insufficient_funds',
    })
    expect(await one('Booking', bookingId)).toMatchObject({ status: 'pending_payment' })
    await pays(intent)
    await refresh(paymentId)
    expect(await one('Payment', paymentId)).toMatchObject({ status: 'succeeded', failureCode: null })
    expect(await topicsOf(paymentId)).toEqual(['payment.requested', 'payment.declined', 'payment.succeeded'])
  })

  test('is followed through the bank’s question and a debit that takes days', async () => {
    const asked = await open()
    await pays(asked.intent, 'pm_card_threeDSecureRequired')
    expect((await refresh(asked.paymentId)).status).toBe('requires_action')
    const slow = await open()
    await pays(slow.intent, 'pm_au_becs_debit')
    expect((await refresh(slow.paymentId)).status).toBe('processing')
    await at.control('/_sim/intent', { payment_intent: slow.intent, outcome: 'declined' })
    expect(await refresh(slow.paymentId)).toMatchObject({ status: 'intent_created', failureCode: 'generic_decline' })
  })
})

test('what Stripe keeps is written down when it is known, also later', async () => {
  const { paymentId, intent } = await open()
  const { latest_charge } = await pays(intent)
  const charge = at.simulator.state.find('charge', String(latest_charge))!
  at.simulator.state.put('charge', { ...charge, balance_transaction: null })
  await refresh(paymentId)
  expect(await one('Payment', paymentId)).toMatchObject({ status: 'succeeded', processorFeeCents: null })
  at.simulator.state.put('charge', charge)
  await refresh(paymentId)
  await refresh(paymentId)
  expect(await one('Payment', paymentId)).toMatchObject({ processorFeeCents: 175 })
  const sums = new Map<string, number>()
  for (const { account, cents } of await booksOf(paymentId))
    sums.set(String(account), (sums.get(String(account)) ?? 0) + Number(cents))
  expect(Object.fromEntries(sums)).toEqual({ stripe_balance: 8325, processor_fees: 175, unearned_lessons: -8500 })
})

test('another sum than was asked for is not taken for the payment', async () => {
  const { paymentId, intent } = await open()
  await pays(intent)
  const paid = at.simulator.state.find('payment_intent', intent)!
  at.simulator.state.put('payment_intent', { ...paid, amount_received: 8400 })
  await expect(refresh(paymentId)).rejects.toThrow('8400')
  expect(await one('Payment', paymentId)).toMatchObject({ status: 'intent_created' })
})

describe('when nobody has paid in time', () => {
  test('the slot is free, and the page to pay is closed', async () => {
    const { bookingId, paymentId, intent } = await open()
    await expires()
    expect(await one('Booking', bookingId)).toMatchObject({ status: 'cancelled' })
    expect(await closePaymentAtStripe(worker(), paymentId)).toBe('done')
    expect((await at.client.paymentIntents.retrieve(intent)).status).toBe('canceled')
    expect(await one('Payment', paymentId)).toMatchObject({ status: 'canceled' })
    await expect(pays(intent)).rejects.toThrow('canceled')
    expect(await closePaymentAtStripe(worker(), paymentId)).toBe('unwanted')
  })

  test('a payment that was never opened at Stripe ends without Stripe', async () => {
    const { id: bookingId } = await held()
    const { id: paymentId } = await requested(bookingId)
    await expires()
    await closePaymentAtStripe(worker(), paymentId)
    expect(await one('Payment', paymentId)).toMatchObject({ status: 'canceled', stripePaymentIntentId: null })
    expect(await openPaymentAtStripe(worker(), paymentId)).toBe('unwanted')
    expect(at.simulator.state.all('payment_intent')).toEqual([])
  })

  test('an intent that is opened only afterwards is closed again', async () => {
    const { id: bookingId } = await held()
    const { id: paymentId } = await requested(bookingId)
    await at.control('/_sim/faults', { kind: 'rate_limit' })
    await expect(openPaymentAtStripe(worker(), paymentId)).rejects.toThrow('not answered')
    await expires()
    // Stripe may have it: nothing is closed before that is known
    await expect(closePaymentAtStripe(worker(), paymentId)).rejects.toThrow('closed afterwards')
    await openPaymentAtStripe(worker(), paymentId)
    const [job] = await base.console(
      'superuser',
      `SELECT count(*)::int FROM pgboss.job WHERE name = 'payment.close' AND data -> 'data' ->> 'paymentId' = $1`,
      [paymentId],
    )
    expect(job!.count).toBe(1)
    await closePaymentAtStripe(worker(), paymentId)
    expect(at.simulator.state.all('payment_intent').map(({ status }) => status)).toEqual(['canceled'])
  })

  test('a payment at the last moment brings the lesson back while its slot is free', async () => {
    const { bookingId, paymentId, intent } = await open()
    await pays(intent)
    await expires()
    expect(await one('Booking', bookingId)).toMatchObject({ status: 'cancelled' })
    // Stripe cancels nothing that is paid: the look at it settles everything
    expect(await closePaymentAtStripe(worker(), paymentId)).toBe('refused')
    expect(await one('Payment', paymentId)).toMatchObject({ status: 'succeeded' })
    expect(await one('Booking', bookingId)).toMatchObject({ status: 'confirmed', cancelledAt: null })
    const [step] = await harbour.run(
      `SELECT reason, metadata FROM "LessonStateHistory" WHERE "bookingId" = $1 ORDER BY id DESC LIMIT 1`,
      [bookingId],
    )
    expect(step).toMatchObject({ reason: expect.stringContaining('still free') })
    expect(await harbour.run('SELECT id FROM "Refund" WHERE "paymentId" = $1', [paymentId])).toEqual([])
  })

  test('a payment at the last moment is asked back for when somebody else has the slot', async () => {
    const { bookingId, paymentId, intent } = await open()
    await expires()
    const other = await harbour.add('Student', { fullName: 'Ada Brandt', dob: '2000-01-01' })
    const order = orderOf(harbour, tuesday, { studentId: other.id, key: randomUUID() })
    await does(db, harbour, (work) => bookLesson(work, order), { now: earlier() })
    await pays(intent)
    await refresh(paymentId)
    await refresh(paymentId)
    expect(await one('Booking', bookingId)).toMatchObject({ status: 'cancelled' })
    expect(await one('Payment', paymentId)).toMatchObject({ status: 'succeeded' })
    const refunds = await harbour.run('SELECT * FROM "Refund" WHERE "paymentId" = $1', [paymentId])
    expect(refunds).toMatchObject([
      {
        amountCents: 8500,
        platformFeeCents: 1275,
        status: 'submitting',
        requestedById: null,
        reason: 'A$85.00 arrived after the lesson was cancelled',
      },
    ])
    expect(await topicsOf(refunds[0]!.id)).toEqual(['refund.approved'])
  })

  test('a payment for a lesson that somebody has called off is asked back for', async () => {
    const { bookingId, paymentId, intent } = await open()
    const why = { cancelledAs: 'student', reason: 'Ill' } as const
    await does(db, harbour, (work) => cancelBooking(work, bookingId, why), { now: earlier() })
    await pays(intent)
    await refresh(paymentId)
    expect(await one('Booking', bookingId)).toMatchObject({ status: 'cancelled' })
    expect(await harbour.run('SELECT id FROM "Refund" WHERE "paymentId" = $1', [paymentId])).toHaveLength(1)
  })
})

describe('money that the school gets itself', () => {
  test.each([
    ['cash', 'Paid in cash'],
    ['bank_transfer', 'Paid by bank transfer'],
  ] as const)('by %s agrees a lesson that waited for it', async (method, reason) => {
    const { id: bookingId } = await held()
    const payment = await does(db, harbour, (work) => recordPayment(work, bookingId, method), { now: earlier() })
    expect(await one('Payment', payment.id)).toMatchObject({ status: 'succeeded', method, amountCents: 8500 })
    expect(await one('Booking', bookingId)).toMatchObject({ status: 'confirmed' })
    expect(await booksOf(payment.id)).toEqual([
      { account: 'cash', cents: 8500 },
      { account: 'unearned_lessons', cents: -8500 },
    ])
    const [step] = await harbour.run(
      `SELECT reason FROM "LessonStateHistory" WHERE "bookingId" = $1 AND "toStatus" = 'confirmed'`,
      [bookingId],
    )
    expect(step).toMatchObject({ reason })
  })

  test('is recorded once for a lesson, whoever was faster', async () => {
    const { id: bookingId } = await held()
    const record = () => does(db, harbour, (work) => recordPayment(work, bookingId, 'cash'), { now: earlier() })
    const answers = await Promise.allSettled([record(), record(), record()])
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await refusal(record())).toContain('paid already')
    expect(await refusal(requested(bookingId))).toContain('paid already')
  })

  test('waits while a card payment is under way', async () => {
    const { bookingId } = await open()
    const cash = does(db, harbour, (work) => recordPayment(work, bookingId, 'cash'), { now: earlier() })
    expect(await refusal(cash)).toContain('under way')
  })

  test('is for lessons whose price is agreed, and that take place', async () => {
    const order = (as: 'draft' | 'requested') => orderOf(harbour, nextWeek(), { as })
    for (const as of ['draft', 'requested'] as const) {
      const { id } = await does(db, harbour, (work) => bookLesson(work, order(as)), { now: hoursLater(tuesday, -72) })
      expect(await refusal(requested(id))).toContain('not agreed yet')
    }
    const { id } = await held()
    await expires()
    expect(await refusal(requested(id))).toContain('nothing to pay')
  })
})

test('what nobody tries any more is tried again, once it has been quiet for half an hour', async () => {
  const { id: bookingId } = await held()
  const { id: paymentId } = await requested(bookingId)
  await at.control('/_sim/faults', { kind: 'rate_limit' })
  await openPaymentAtStripe(worker(), paymentId).catch(() => {})
  const clock = { ...workerOf(db, harbour), now: new Date() }
  const resumed = () => db.transaction(clock, (tx) => resume({ ...clock, tx }))
  const queued = async () => {
    const text = `SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'payment.open' AND data -> 'data' ->> 'paymentId' = $1`
    return (await base.console('superuser', text, [paymentId]))[0]!.n
  }
  await resumed()
  expect(await queued()).toBe(0)
  clock.now = hoursLater(new Date(), 0.6)
  await resumed()
  expect(await queued()).toBe(1)
})

test('after all of it the books add up to nothing, and hold what Stripe holds', async () => {
  await at.control('/_sim/reset')
  const atStripe = async () => {
    const [row] = await harbour.run(
      `SELECT coalesce(sum("amountCents"), 0)::int AS cents FROM "LedgerEntry" WHERE account = 'stripe_balance'`,
    )
    return Number(row!.cents)
  }
  const before = await atStripe()
  for (const card of ['pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_visa', 'pm_card_bypassPending']) {
    const { paymentId, intent } = await open()
    await pays(intent, card).catch(() => {})
    await refresh(paymentId)
  }
  const { available, pending } = await at.client.balance.retrieve()
  expect((await atStripe()) - before).toBe(available[0]!.amount + pending[0]!.amount)
  const sums = await harbour.run('SELECT currency FROM "LedgerEntry" GROUP BY currency HAVING sum("amountCents") <> 0')
  expect(sums).toEqual([])
})
