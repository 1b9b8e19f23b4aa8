import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type Stripe from 'stripe'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type Happened, readEvent } from '../../src/core/events.ts'
import type { UnitOfWork } from '../../src/core/unit-of-work.ts'
import { bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts'
import { changeStatus, lockBooking } from '../../src/domain/bookings/change-status.ts'
import { completeLesson } from '../../src/domain/bookings/complete-lesson.ts'
import { markNoShow } from '../../src/domain/bookings/mark-no-show.ts'
import { overriding } from '../../src/domain/override.ts'
import { tellOfAccount, tellOfPayout } from '../../src/domain/messages/tell-of-payout.ts'
import { recordPayment } from '../../src/domain/payments/record-payment.ts'
import { requestPayment } from '../../src/domain/payments/request-payment.ts'
import { adjustPayable } from '../../src/domain/payouts/adjust-payable.ts'
import { buildBatch } from '../../src/domain/payouts/build-batch.ts'
import { approveBatch, submitBatch } from '../../src/domain/payouts/decide-batch.ts'
import { approveReversal, proposeReversal, retryReversal } from '../../src/domain/payouts/decide-reversal.ts'
import { accountsOf } from '../../src/domain/payouts/debts.ts'
import { earn } from '../../src/domain/payouts/earn.ts'
import { retryPayout } from '../../src/domain/payouts/edit-batch.ts'
import { holdForDispute } from '../../src/domain/payouts/hold-for-dispute.ts'
import { releaseAfterDispute } from '../../src/domain/payouts/release-after-dispute.ts'
import { reviewsDue } from '../../src/domain/payouts/reviews-due.ts'
import { failRefund } from '../../src/domain/refunds/fail-refund.ts'
import { requestRefund } from '../../src/domain/refunds/request-refund.ts'
import { lockRefund } from '../../src/domain/refunds/refund.ts'
import { openPaymentAtStripe } from '../../src/stripe/open-payment.ts'
import { processEvent } from '../../src/stripe/process-event.ts'
import { refreshPayment } from '../../src/stripe/refresh-payment.ts'
import { resume } from '../../src/stripe/resume.ts'
import { reversePayoutAtStripe } from '../../src/stripe/reverse-payout.ts'
import { transferPayoutAtStripe } from '../../src/stripe/transfer-payout.ts'
import { openAccountAtStripe } from '../../src/stripe/open-account.ts'
import { does, hasPolicies, hoursLater, orderOf, refusal, worksWeekdays } from '../domain/scheduling.ts'
import { cloneDatabase, type Row, type School, school, type TestDatabase } from '../support/database.ts'
import { openStripe, type TestStripe, workerOf } from '../support/stripe.ts'

let base: TestDatabase
let db: Database
let harbour: School
let at: TestStripe

/** Tuesdays, nine in the morning in Brisbane; each lesson has a week of its own. */
let tuesday = new Date('2027-02-01T23:00:00Z')
const nextWeek = (): Date => (tuesday = hoursLater(tuesday, 24 * 7))

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url, { max: 20 })
  harbour = await school(base, { timeZone: 'Australia/Brisbane' })
  await worksWeekdays(harbour)
  await hasPolicies(harbour)
  await harbour.change('Student', harbour.studentId, { dob: '2000-01-01' })
  at = await openStripe({ retries: 0 })
  await harbour.change('Instructor', harbour.instructorId, { gstRegistered: true })
  await openAccountAtStripe(workerOf(db, harbour), harbour.instructorId)
  await enabled(true)
})
afterAll(async () => {
  await at.close()
  await db.close()
  await base.drop()
})

const one = async (model: string, id: string): Promise<Row> =>
  (await harbour.run(`SELECT * FROM "${model}" WHERE id = $1`, [id]))[0]!
const payoutsOf = (bookingId: string): Promise<Row[]> =>
  harbour.run('SELECT * FROM "Payout" WHERE "bookingId" = $1 ORDER BY id', [bookingId])
const account = async () => String((await one('Instructor', harbour.instructorId)).stripeAccountId)

/** What the worker and the people of the school do, at a time of the story. */
const works = <T>(fn: (work: UnitOfWork) => Promise<T>, now: Date): Promise<T> =>
  does(db, harbour, fn, { actorKind: 'system', now })
const finance = <T>(fn: (work: UnitOfWork) => Promise<T>, now: Date): Promise<T> =>
  does(db, harbour, fn, { role: 'finance', now })
const owner = <T>(fn: (work: UnitOfWork) => Promise<T>, now: Date): Promise<T> =>
  does(db, harbour, fn, { role: 'owner', now })
const workerAt = (now: Date) => ({ ...workerOf(db, harbour), now })

/** Stripe switches the instructor's account on or off; its event is read as the worker reads it. */
async function enabled(is: boolean): Promise<void> {
  await at.control('/_sim/account', { account: await account(), enabled: is })
  await arrives(at.events('account.updated').at(-1)!)
}

/** An event of Stripe is received, and thought about. */
async function arrives(event: Stripe.Event): Promise<void> {
  const [row] = await base.console(
    'superuser',
    `INSERT INTO "WebhookEvent" (provider, "eventType", "eventId", "stripeAccountId", payload, "receivedAt")
     VALUES ('stripe', $1, $2 || gen_random_uuid(), $3, $4, now()) RETURNING id`,
    [event.type, event.id, event.account ?? null, JSON.stringify(event)],
  )
  await processEvent(workerOf(db), row!.id, { last: true })
}

interface Lesson {
  readonly bookingId: string
  readonly paymentId: string
  readonly startAt: Date
}

/** A lesson that is agreed and paid by card. */
async function paidLesson(card = 'pm_card_bypassPending'): Promise<Lesson> {
  const startAt = nextWeek()
  const before = hoursLater(startAt, -72)
  const { id: bookingId } = await does(
    db,
    harbour,
    (work) => bookLesson(work, orderOf(harbour, startAt, { as: 'pending_payment' })),
    { now: before },
  )
  const { id: paymentId } = await does(db, harbour, (work) => requestPayment(work, bookingId), { now: before })
  await openPaymentAtStripe(workerAt(before), paymentId)
  const intent = String((await one('Payment', paymentId)).stripePaymentIntentId)
  await at.client.paymentIntents.confirm(intent, { payment_method: card, return_url: 'http://x.test' })
  await refreshPayment(workerAt(before), paymentId)
  return { bookingId, paymentId, startAt }
}

/** And given: earned two hours after its start. */
async function givenLesson(): Promise<Lesson> {
  const lesson = await paidLesson()
  const now = hoursLater(lesson.startAt, 2)
  await does(db, harbour, (work) => completeLesson(work, lesson.bookingId), { now })
  await works((work) => earn(work, lesson.bookingId), now)
  return lesson
}

/** A batch of everything that can be paid at this moment, built by finance and approved by the owner. */
async function approvedBatch(now: Date): Promise<{ id: string; payoutIds: string[] }> {
  const { batch } = await finance((work) => buildBatch(work, {}), now)
  await finance((work) => submitBatch(work, batch.id), now)
  const { payoutIds } = await owner((work) => approveBatch(work, batch.id), now)
  return { id: batch.id, payoutIds }
}

const transfer = (id: string, now: Date) => transferPayoutAtStripe(workerAt(now), id)

/** A lesson whose payout was transferred. */
async function paidOut(): Promise<Lesson & { payoutId: string; batchId: string; now: Date }> {
  const lesson = await givenLesson()
  const now = hoursLater(lesson.startAt, 60)
  const { id: batchId, payoutIds } = await approvedBatch(now)
  for (const id of payoutIds) await transfer(id, now)
  const [payout] = await payoutsOf(lesson.bookingId)
  return { ...lesson, payoutId: payout!.id, batchId, now }
}

const booksOf = async (refId: string): Promise<Record<string, number>> => {
  const rows = await harbour.run(
    `SELECT e.account::text, sum(e."amountCents")::int AS cents FROM "LedgerEntry" e JOIN "LedgerTransaction" t
       ON t.id = e."transactionId" WHERE t."refId" = $1 GROUP BY 1 HAVING sum(e."amountCents") <> 0`,
    [refId],
  )
  return Object.fromEntries(rows.map((row) => [String(row.account), Number(row.cents)]))
}
const accountNow = async () => {
  const accounts = await works((work) => accountsOf(work, harbour.instructorId), new Date())
  return accounts.find(({ currency }) => currency === 'AUD')!
}
const transfersAtStripe = () => at.simulator.state.all('transfer')

const REFUND = { reasonCode: 'goodwill', reason: 'Started late' } as const
async function refunded(paymentId: string, amountCents: number, now: Date): Promise<Row> {
  const { id } = await does(
    db,
    harbour,
    (work) => requestRefund(work, { ...REFUND, paymentId, amountCents, key: `test:${paymentId}:${now.getTime()}` }),
    { now },
  )
  return await one('Refund', id)
}

describe('a lesson that was given', () => {
  test('is earned once, whichever comes first, payment or completion, and however often it is told', async () => {
    const { bookingId, paymentId, startAt } = await givenLesson()
    const [payout, ...more] = await payoutsOf(bookingId)
    expect(more).toEqual([])
    expect(payout).toMatchObject({
      kind: 'lesson',
      amountCents: 7225,
      gstCents: 657,
      status: 'pending',
      paymentId,
      availableAt: hoursLater(startAt, 2 + 48),
    })
    expect(await booksOf(bookingId)).toEqual({ unearned_lessons: 8500, platform_fee: -1275, instructor_payable: -7225 })
    const again = hoursLater(startAt, 3)
    await Promise.all([1, 2, 3].map(() => works((work) => earn(work, bookingId), again)))
    expect(await payoutsOf(bookingId)).toHaveLength(1)
    expect(await booksOf(bookingId)).toMatchObject({ instructor_payable: -7225 })

    // cash that is handed over after the lesson
    const late = nextWeek()
    const order = orderOf(harbour, late)
    const { id } = await does(db, harbour, (work) => bookLesson(work, order), { now: hoursLater(late, -72) })
    await does(db, harbour, (work) => completeLesson(work, id), { now: hoursLater(late, 2) })
    await works((work) => earn(work, id), hoursLater(late, 2))
    expect(await payoutsOf(id)).toEqual([])
    await does(db, harbour, (work) => recordPayment(work, id, 'cash'), { now: hoursLater(late, 4) })
    await works((work) => earn(work, id), hoursLater(late, 4))
    expect(await payoutsOf(id)).toMatchObject([{ amountCents: 7225, availableAt: hoursLater(late, 2 + 48) }])
  })

  test('and turns out not to be over is taken back, and earned again when it is', async () => {
    const { bookingId, startAt } = await givenLesson()
    const now = hoursLater(startAt, 5)
    const back = async (work: UnitOfWork) => {
      const over = await overriding(work, 'Completed by mistake')
      await changeStatus(over, await lockBooking(over, bookingId), { to: 'confirmed', reason: 'Completed by mistake' })
      await earn(over, bookingId)
    }
    await owner(back, now)
    expect(await payoutsOf(bookingId)).toMatchObject([{ status: 'canceled' }])
    expect(await booksOf(bookingId)).toEqual({})
    await does(db, harbour, (work) => completeLesson(work, bookingId), { now: hoursLater(startAt, 6) })
    await works((work) => earn(work, bookingId), hoursLater(startAt, 6))
    expect(await payoutsOf(bookingId)).toMatchObject([{ status: 'canceled' }, { status: 'pending', amountCents: 7225 }])
    expect(await booksOf(bookingId)).toMatchObject({ instructor_payable: -7225 })
  })

  test('and was partly refunded before leaves the instructor their part of the rest', async () => {
    const { bookingId, paymentId, startAt } = await paidLesson()
    await refunded(paymentId, 2000, hoursLater(startAt, -1))
    const now = hoursLater(startAt, 2)
    await does(db, harbour, (work) => completeLesson(work, bookingId), { now })
    await works((work) => earn(work, bookingId), now)
    expect(await payoutsOf(bookingId)).toMatchObject([{ amountCents: 7225 - 1700 }])
    expect(await booksOf(bookingId)).toMatchObject({ unearned_lessons: 6500, instructor_payable: -5525 })
  })
})

describe('what is kept for a lesson that was not given', () => {
  test('of a no-show waits for a day, in which it can be taken back, and is earned by itself then', async () => {
    const { bookingId, startAt } = await paidLesson()
    const marked = hoursLater(startAt, 1)
    await does(db, harbour, (work) => markNoShow(work, bookingId), { now: marked })
    await works((work) => earn(work, bookingId), marked)
    expect(await payoutsOf(bookingId)).toMatchObject([
      { kind: 'no_show', status: 'held', holdKind: 'review', holdReason: expect.stringContaining('review') },
    ])
    expect(await booksOf(bookingId)).toEqual({})
    const due = async (hours: number) =>
      await works((work) => reviewsDue(work, hoursLater(marked, hours), 50), hoursLater(marked, hours))
    expect(await due(23)).not.toContain(bookingId)
    expect(await due(25)).toContain(bookingId)
    await works((work) => earn(work, bookingId), hoursLater(marked, 25))
    expect(await payoutsOf(bookingId)).toMatchObject([{ status: 'pending', amountCents: 7225 }])
    expect(await booksOf(bookingId)).toMatchObject({ instructor_payable: -7225 })
  })

  test('of a late cancellation is the share of what the policy keeps, once the refund is settled', async () => {
    const { bookingId, paymentId, startAt } = await paidLesson()
    const called = hoursLater(startAt, -5)
    await does(db, harbour, (work) => cancelBooking(work, bookingId, { cancelledAs: 'student', reason: 'Ill' }), {
      now: called,
    })
    const later = hoursLater(called, 25)
    const [given] = await harbour.run('SELECT "amountCents" FROM "Refund" WHERE "paymentId" = $1', [paymentId])
    if (!given) await refunded(paymentId, 4250, called)
    await works((work) => earn(work, bookingId), called)
    await works((work) => earn(work, bookingId), later)
    const [back] = await harbour.run('SELECT * FROM "Refund" WHERE "paymentId" = $1', [paymentId])
    const amountCents = 7225 - Number(back!.instructorShareCents)
    expect(await payoutsOf(bookingId)).toMatchObject([{ kind: 'late_cancel', status: 'pending', amountCents }])
    expect(await booksOf(bookingId)).toMatchObject({ unearned_lessons: 4250, instructor_payable: -amountCents })
  })
})

describe('a batch', () => {
  test('says what is left out and why, and is transferred once, with its source and group', async () => {
    const lesson = await givenLesson()
    const fresh = await givenLesson()
    const now = hoursLater(fresh.startAt, 10)
    const { batch, leftOut } = await finance((work) => buildBatch(work, {}), now)
    const [waiting] = await payoutsOf(fresh.bookingId)
    expect(leftOut.find(({ id }) => id === waiting!.id)?.obstacle).toMatch(
      /^Ready from .*: the hold after the lesson\.$/,
    )
    await finance((work) => submitBatch(work, batch.id), now)
    const { payoutIds } = await owner((work) => approveBatch(work, batch.id), now)
    expect(await one('PayoutBatch', batch.id)).toMatchObject({
      status: 'approved',
      linesHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    for (const id of payoutIds)
      await Promise.all([transfer(id, now), transfer(id, now)].map((all) => all.catch(() => {})))
    for (const id of payoutIds) await transfer(id, now)
    const [payout] = await payoutsOf(lesson.bookingId)
    expect(payout).toMatchObject({ status: 'paid', stripeTransferId: expect.stringMatching(/^tr_/) })
    const made = transfersAtStripe().filter(({ metadata }) => metadata.payoutId === payout!.id)
    const { stripeChargeId } = await one('Payment', lesson.paymentId)
    expect(made).toMatchObject([
      { amount: 7225, source_transaction: stripeChargeId, transfer_group: `booking_${lesson.bookingId}` },
    ])
    expect(await one('PayoutBatch', batch.id)).toMatchObject({ status: 'paid' })
    expect(await booksOf(payout!.id)).toEqual({ instructor_payable: 7225, stripe_balance: -7225 })
  })

  test('is not approved by who built it, and by one of twenty others at once', async () => {
    const { startAt, bookingId } = await givenLesson()
    const now = hoursLater(startAt, 60)
    const { batch } = await finance((work) => buildBatch(work, {}), now)
    await finance((work) => submitBatch(work, batch.id), now)
    expect(await refusal(finance((work) => approveBatch(work, batch.id), now))).toContain('four eyes')
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => owner((work) => approveBatch(work, batch.id), now)),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const told = answers.flatMap((answer) => (answer.status === 'rejected' ? [String(answer.reason)] : []))
    expect(told.filter((sentence) => !sentence.includes('Somebody has approved this batch already'))).toEqual([])
    const [payout] = await payoutsOf(bookingId)
    const before = transfersAtStripe().length
    await Promise.allSettled(Array.from({ length: 5 }, () => transfer(payout!.id, now)))
    await transfer(payout!.id, now)
    expect(transfersAtStripe().length - before).toBe(1)
    const [audit] = await harbour.run(
      `SELECT after ->> 'linesHash' AS hash, jsonb_array_length(after -> 'lines') AS lines FROM "AuditLog"
        WHERE action = 'payoutBatch.approved' AND "entityId" = $1`,
      [batch.id],
    )
    expect(audit).toMatchObject({ hash: (await one('PayoutBatch', batch.id)).linesHash, lines: batch.payoutCount })
  })

  test('goes back to draft when a refund changes one of its lines, and its approval is void', async () => {
    const { startAt, bookingId, paymentId } = await givenLesson()
    const now = hoursLater(startAt, 60)
    const { id } = await approvedBatch(now)
    await refunded(paymentId, 4000, now)
    const [payout] = await payoutsOf(bookingId)
    expect(payout).toMatchObject({ status: 'batched', amountCents: 7225 - 3400, batchId: id })
    expect(await one('PayoutBatch', id)).toMatchObject({
      status: 'draft',
      approvedById: null,
      lines: null,
      rejectedReason: expect.stringContaining('refund'),
    })
    // the jobs of the approval find nothing to do
    expect(await transfer(payout!.id, now)).toBe('unwanted')
    await finance((work) => submitBatch(work, id), now)
    await owner((work) => approveBatch(work, id), now)
    await transfer(payout!.id, now)
    expect(await one('Payout', payout!.id)).toMatchObject({ status: 'paid' })
  })
})

describe('a transfer', () => {
  test('that Stripe refuses says why in words, and is tried again as another attempt', async () => {
    const { startAt, bookingId } = await givenLesson()
    const now = hoursLater(startAt, 60)
    const { id } = await approvedBatch(now)
    const [payout] = await payoutsOf(bookingId)
    await enabled(false)
    await transfer(payout!.id, now)
    expect(await one('Payout', payout!.id)).toMatchObject({
      status: 'failed',
      failureReason: expect.stringContaining('the account needs attention'),
    })
    expect(await one('PayoutBatch', id)).toMatchObject({ status: 'partially_failed' })
    expect(await booksOf(payout!.id)).toEqual({})
    await enabled(true)
    await finance((work) => retryPayout(work, payout!.id), now)
    await transfer(payout!.id, now)
    expect(await one('Payout', payout!.id)).toMatchObject({ status: 'paid', failureReason: null })
    expect(await one('PayoutBatch', id)).toMatchObject({ status: 'paid' })
    const calls = await harbour.run(
      'SELECT attempt, status::text FROM "StripeCall" WHERE "refId" = $1 ORDER BY attempt',
      [payout!.id],
    )
    expect(calls).toEqual([
      { attempt: 1, status: 'refused' },
      { attempt: 2, status: 'done' },
    ])
  })

  test('without an answer is unknown, is not tried as another one, and is found to have happened', async () => {
    const { startAt, bookingId } = await givenLesson()
    const now = hoursLater(startAt, 60)
    await approvedBatch(now)
    const [payout] = await payoutsOf(bookingId)
    await at.control('/_sim/faults', { kind: 'lost_answer', times: 2, method: 'POST', path: '/v1/transfers' })
    await expect(transfer(payout!.id, now)).rejects.toThrow('not answered')
    expect(await one('Payout', payout!.id)).toMatchObject({ status: 'unknown' })
    expect(await refusal(finance((work) => retryPayout(work, payout!.id), now))).toContain('failed')
    const clock = { ...workerOf(db, harbour), now: hoursLater(new Date(), 0.6) }
    await db.transaction(clock, (tx) => resume({ ...clock, tx }))
    await transfer(payout!.id, now)
    expect(await one('Payout', payout!.id)).toMatchObject({ status: 'paid' })
    expect(transfersAtStripe().filter(({ metadata }) => metadata.payoutId === payout!.id)).toHaveLength(1)
  })

  test('goes to the account that was approved, or waits for another approval', async () => {
    const { startAt, bookingId } = await givenLesson()
    const now = hoursLater(startAt, 60)
    const { id } = await approvedBatch(now)
    const [payout] = await payoutsOf(bookingId)
    const approved = await account()
    const { id: other } = await at.client.accounts.create({ type: 'express', country: 'AU' })
    await harbour.change('Instructor', harbour.instructorId, { stripeAccountId: other })
    await transfer(payout!.id, now)
    expect(await one('Payout', payout!.id)).toMatchObject({
      status: 'failed',
      failureReason: expect.stringContaining('another Stripe account'),
    })
    expect(await finance((work) => retryPayout(work, payout!.id), now)).toBe(false)
    await harbour.change('Instructor', harbour.instructorId, { stripeAccountId: approved })
    expect(await payoutsOf(bookingId)).toMatchObject([
      { status: 'canceled', batchId: id },
      { status: 'pending', batchId: null, amountCents: 7225 },
    ])
  })

  test('is known from Stripe’s news when its answer was lost', async () => {
    const { startAt, bookingId } = await givenLesson()
    const now = hoursLater(startAt, 60)
    await approvedBatch(now)
    const [payout] = await payoutsOf(bookingId)
    await at.control('/_sim/faults', { kind: 'lost_answer', times: 2, method: 'POST', path: '/v1/transfers' })
    await transfer(payout!.id, now).catch(() => {})
    await arrives(at.events('transfer.created').at(-1)!)
    const known = await one('Payout', payout!.id)
    expect(known).toMatchObject({ status: 'paid', stripeTransferId: expect.stringMatching(/^tr_/) })
    await transfer(payout!.id, now)
    expect(await one('Payout', payout!.id)).toMatchObject({ stripeTransferId: known.stripeTransferId })
    expect(await booksOf(payout!.id)).toEqual({ instructor_payable: 7225, stripe_balance: -7225 })
  })

  test('of another currency than its batch, or that no money at Stripe covers, is left out before', async () => {
    const { startAt, bookingId } = await givenLesson()
    const now = hoursLater(startAt, 60)
    const [payout] = await payoutsOf(bookingId)
    await harbour.change('Payout', payout!.id, { currency: 'USD' })
    const big = await finance(
      (work) =>
        adjustPayable(work, { instructorId: harbour.instructorId, amountCents: 90_000_000, reason: 'A mistake' }),
      now,
    )
    const other = await givenLesson()
    const later = hoursLater(other.startAt, 60)
    const { leftOut, batch } = await finance((work) => buildBatch(work, {}), later)
    expect(leftOut.find(({ id }) => id === payout!.id)?.obstacle).toContain('It is in USD')
    expect(leftOut.find(({ id }) => id === big.id)?.obstacle).toContain('balance at Stripe does not cover it')
    await harbour.change('Payout', payout!.id, { currency: 'AUD' })
    await harbour.change('Payout', big.id, { status: 'canceled' })
    await harbour.run(
      `UPDATE "Payout" SET "batchId" = NULL, status = 'pending', "nettedCents" = 0 WHERE "batchId" = $1`,
      [batch.id],
    )
    await harbour.run(`UPDATE "PayoutBatch" SET status = 'canceled' WHERE id = $1`, [batch.id])
    const fact = await harbour.run(`SELECT id FROM "LedgerTransaction" WHERE "refId" = $1`, [big.id])
    expect(fact).toHaveLength(1)
    await works(
      (work) => adjustPayable(work, { instructorId: harbour.instructorId, amountCents: -90_000_000, reason: 'Undone' }),
      later,
    )
  })
})

describe('a refund after the transfer', () => {
  test('takes the instructor’s part back, counted from the beginning, so that parts do not drift', async () => {
    const { paymentId, payoutId, now } = await paidOut()
    for (const [cents, hours] of [
      [3333, 1],
      [3333, 2],
      [1834, 3],
    ] as const) {
      await refunded(paymentId, cents, hoursLater(now, hours))
      const [reversal] = await harbour.run(
        `SELECT * FROM "TransferReversal" WHERE "payoutId" = $1 AND status = 'approved'`,
        [payoutId],
      )
      await Promise.allSettled([1, 2].map(() => reversePayoutAtStripe(workerAt(now), reversal!.id)))
      await reversePayoutAtStripe(workerAt(now), reversal!.id)
    }
    expect(await one('Payout', payoutId)).toMatchObject({ status: 'reversed', reversedCents: 7225 })
    const rows = await harbour.run(
      `SELECT sum("amountCents")::int AS cents, count(*)::int AS n FROM "TransferReversal" WHERE "payoutId" = $1`,
      [payoutId],
    )
    expect(rows).toEqual([{ cents: 7225, n: 3 }])
  })

  test('that Stripe refuses leaves a debt, which the next batch nets; late success of it is not paid twice', async () => {
    const { debtCents: earlier } = await accountNow()
    const { paymentId, payoutId, now } = await paidOut()
    const refund = await refunded(paymentId, 8500, hoursLater(now, 1))
    const [reversal] = await harbour.run('SELECT * FROM "TransferReversal" WHERE "refundId" = $1', [refund.id])
    await at.control('/_sim/faults', { kind: 'refuse', code: 'balance_insufficient', path: '/v1/transfers/' })
    await reversePayoutAtStripe(workerAt(now), reversal!.id)
    expect(await one('TransferReversal', reversal!.id)).toMatchObject({
      status: 'failed',
      failureReason: expect.stringContaining('stays a debt'),
    })
    expect((await accountNow()).debtCents).toBe(earlier + 7225)
    const next = await givenLesson()
    const later = hoursLater(next.startAt, 60)
    const { id, payoutIds } = await approvedBatch(later)
    const [payout] = await payoutsOf(next.bookingId)
    expect(payout).toMatchObject({ amountCents: 7225, nettedCents: 7225, batchId: id })
    const before = transfersAtStripe().length
    for (const payoutId of payoutIds) await transfer(payoutId, later)
    expect(await one('Payout', payout!.id)).toMatchObject({ status: 'paid', stripeTransferId: null })
    expect(transfersAtStripe().length).toBe(before + payoutIds.length - 1)
    expect((await accountNow()).debtCents).toBe(earlier)
    expect(await refusal(finance((work) => retryReversal(work, reversal!.id), later))).toContain(
      'taken off other payouts',
    )
    expect(await one('Payout', payoutId)).toMatchObject({ status: 'paid', reversedCents: 0 })
  })

  test('that fails weeks later gives the instructor their part back', async () => {
    const { bookingId, paymentId, payoutId, now } = await paidOut()
    const refund = await refunded(paymentId, 4000, hoursLater(now, 1))
    const [reversal] = await harbour.run('SELECT * FROM "TransferReversal" WHERE "refundId" = $1', [refund.id])
    await reversePayoutAtStripe(workerAt(now), reversal!.id)
    expect(await one('Payout', payoutId)).toMatchObject({ status: 'partially_reversed', reversedCents: 3400 })
    await works(
      async (work) => {
        const payment = await work.tx.payment.findFirstOrThrow({ where: { id: paymentId } })
        const failure = { status: 'failed', failureCode: 'expired_or_canceled_card', note: 'Came back' } as const
        await failRefund(work, payment, await lockRefund(work, refund.id), failure)
      },
      hoursLater(now, 500),
    )
    const [, again] = await payoutsOf(bookingId)
    expect(again).toMatchObject({ kind: 'adjustment', amountCents: 3400, status: 'pending', batchId: null })
  })
})

describe('taking back by hand', () => {
  test('is asked for by one person and agreed to by another; what it leaves owed is held', async () => {
    const { bookingId, payoutId, now } = await paidOut()
    const ask = { amountCents: 5000, reason: 'Wrong lesson', key: crypto.randomUUID() }
    const tooMuch = { ...ask, amountCents: 9999 }
    expect(await refusal(finance((work) => proposeReversal(work, payoutId, tooMuch), now))).toContain('At most A$72.25')
    const { id } = await finance((work) => proposeReversal(work, payoutId, ask), now)
    expect(await reversePayoutAtStripe(workerAt(now), id)).toBe('unwanted')
    expect(await refusal(finance((work) => approveReversal(work, id), now))).toContain('four eyes')
    await owner((work) => approveReversal(work, id), now)
    await reversePayoutAtStripe(workerAt(now), id)
    expect(await one('Payout', payoutId)).toMatchObject({ status: 'partially_reversed', reversedCents: 5000 })
    const [, again] = await payoutsOf(bookingId)
    expect(again).toMatchObject({ status: 'held', holdKind: 'person', amountCents: 5000 })
    const { stripeReversalId } = await one('TransferReversal', id)
    expect(stripeReversalId).toMatch(/^trr_/)
    // the event of it, twice and late, changes nothing
    const event = at.events('transfer.reversed').at(-1)!
    await arrives(event)
    await arrives(event)
    expect(await harbour.run('SELECT id FROM "TransferReversal" WHERE "payoutId" = $1', [payoutId])).toHaveLength(1)
  })

  test('in Stripe’s dashboard is taken over', async () => {
    const { payoutId, now } = await paidOut()
    const { stripeTransferId } = await one('Payout', payoutId)
    await at.client.transfers.createReversal(String(stripeTransferId), { amount: 225 })
    await arrives(at.events('transfer.reversed').at(-1)!)
    expect(await one('Payout', payoutId)).toMatchObject({ reversedCents: 225 })
    const rows = await harbour.run('SELECT "isImported", status::text FROM "TransferReversal" WHERE "payoutId" = $1', [
      payoutId,
    ])
    expect(rows).toEqual([{ isImported: true, status: 'succeeded' }])
    expect(now).toBeInstanceOf(Date)
  })
})

describe('a dispute', () => {
  const dispute = (paymentId: string, status: string) =>
    harbour.add('Dispute', {
      paymentId,
      stripeDisputeId: `dp_${crypto.randomUUID()}`,
      status,
      amountCents: 8500,
      reason: 'product_not_received',
      openedAt: new Date(),
    })

  test('holds what is not paid, and a win lets it go on', async () => {
    const { bookingId, paymentId, startAt } = await givenLesson()
    const now = hoursLater(startAt, 60)
    const { id } = await approvedBatch(now)
    const row = await dispute(paymentId, 'needs_response')
    const opened = { paymentId, reason: 'product_not_received' }
    await works((work) => holdForDispute(work, opened), now)
    expect(await payoutsOf(bookingId)).toMatchObject([
      {
        status: 'held',
        holdKind: 'dispute',
        batchId: null,
        holdReason: expect.stringContaining('product not received'),
      },
    ])
    expect(await one('PayoutBatch', id)).toMatchObject({ status: 'draft', approvedById: null })
    await harbour.change('Dispute', row.id, { status: 'won', closedAt: now })
    await works((work) => releaseAfterDispute(work, { id: row.id, paymentId }, 'won'), now)
    expect(await payoutsOf(bookingId)).toMatchObject([{ status: 'pending', holdKind: null }])
  })

  test('that is lost calls off what is not paid, and proposes to take back what is', async () => {
    const open = await givenLesson()
    const now = hoursLater(open.startAt, 20)
    const lost = await dispute(open.paymentId, 'lost')
    await works((work) => releaseAfterDispute(work, { id: lost.id, paymentId: open.paymentId }, 'lost'), now)
    expect(await payoutsOf(open.bookingId)).toMatchObject([{ status: 'canceled' }])

    const { paymentId, payoutId, now: later } = await paidOut()
    const other = await dispute(paymentId, 'lost')
    const end = () => works((work) => releaseAfterDispute(work, { id: other.id, paymentId }, 'lost'), later)
    await end()
    await end()
    const rows = await harbour.run('SELECT * FROM "TransferReversal" WHERE "payoutId" = $1', [payoutId])
    expect(rows).toMatchObject([{ status: 'pending_approval', amountCents: 7225, disputeId: other.id }])
  })
})

test('the bank leg is shown beside the payouts that are in it, and can fail after it was paid', async () => {
  const { payoutId } = await paidOut()
  const made = await at.control<{ id: string }>('/_sim/payout', { account: await account() })
  for (const event of at.events('payout.paid').slice(-1)) {
    await arrives(event)
    await arrives(event)
  }
  const { bankPayoutId } = await one('Payout', payoutId)
  expect(await one('BankPayout', String(bankPayoutId))).toMatchObject({ stripePayoutId: made.id, status: 'paid' })
  await at.control('/_sim/payout/fail', { payout: made.id })
  // the news of its being paid arrives once more, late: Stripe is asked how things are
  await arrives(at.events('payout.failed').at(-1)!)
  await arrives(at.events('payout.paid').at(-1)!)
  expect(await one('BankPayout', String(bankPayoutId))).toMatchObject({
    status: 'failed',
    failureReason: 'The bank account has been closed.',
  })
})

test('the instructor is written to: of what was transferred, and when Stripe wants something of them', async () => {
  const email = `ines.${harbour.slug}@example.test`
  await base.console('superuser', 'INSERT INTO "User" (email, "fullName") VALUES ($1, $2)', [email, 'Ines Okafor'])
  const [user] = await base.console('superuser', 'SELECT id FROM "User" WHERE email = $1', [email])
  await harbour.add('UserOrg', { userId: user!.id, role: 'instructor' })
  await harbour.change('Instructor', harbour.instructorId, { userId: user!.id })
  const { payoutId } = await paidOut()
  await enabled(false)
  const told = async (topic: string) => {
    const [row] = await harbour.run(
      'SELECT * FROM "Outbox" WHERE topic = $1 ORDER BY "createdAt" DESC, seq DESC LIMIT 1',
      [topic],
    )
    return readEvent(row as never)
  }
  const paid = (await told('payout.paid')) as Happened<'payout.paid'>
  const wanted = (await told('instructor.account_needs_action')) as Happened<'instructor.account_needs_action'>
  await works((work) => tellOfPayout(work, { ...paid, recordId: payoutId }), new Date())
  await works((work) => tellOfAccount(work, wanted, 'https://drive.test'), new Date())
  await enabled(true)
  const messages = await harbour.run(
    `SELECT "templateKey", "toAddress", body FROM "Message" WHERE "instructorId" = $1 AND "templateKey" IN ('payout_paid', 'account_action_needed')
      ORDER BY "templateKey"`,
    [harbour.instructorId],
  )
  expect(messages).toMatchObject([
    { toAddress: email, body: expect.stringMatching(/https:\/\/drive\.test\/connect\/\S+ \(a bank account\)/) },
    { toAddress: email, body: expect.stringContaining('A$') },
  ])
})

test('after all of it the books add up to nothing, and no payout has two transfers', async () => {
  const off = await harbour.run('SELECT currency FROM "LedgerEntry" GROUP BY currency HAVING sum("amountCents") <> 0')
  expect(off).toEqual([])
  const ids = transfersAtStripe().map(({ metadata }) => metadata.payoutId)
  expect(new Set(ids).size).toBe(ids.length)
  const [sent] = await harbour.run(
    `SELECT sum("amountCents" - "nettedCents")::int AS cents FROM "Payout" WHERE "stripeTransferId" IS NOT NULL`,
  )
  expect(transfersAtStripe().reduce((cents, { amount }) => cents + amount, 0)).toBe(sent!.cents)
  const [unpaid] = await harbour.run(
    `SELECT count(*)::int AS n FROM "Payout" p JOIN "PayoutBatch" b ON b.id = p."batchId"
      WHERE p."stripeTransferId" IS NOT NULL AND b."approvedById" IS NULL`,
  )
  expect(unpaid!.n).toBe(0)
})
