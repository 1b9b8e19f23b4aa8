import type Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { answerDispute } from '../../src/domain/disputes/answer-dispute.ts'
import { writeEvidence } from '../../src/domain/disputes/write-evidence.ts'
import { lessonEarned } from '../../src/domain/ledger/facts.ts'
import { post } from '../../src/domain/ledger/post.ts'
import { requestPayment } from '../../src/domain/payments/request-payment.ts'
import { answerDisputeAtStripe } from '../../src/stripe/answer-dispute.ts'
import { openPaymentAtStripe } from '../../src/stripe/open-payment.ts'
import { processEvent } from '../../src/stripe/process-event.ts'
import { refreshPayment } from '../../src/stripe/refresh-payment.ts'
import { does, hoursLater, openSchool, orderOf, refusal } from '../domain/scheduling.ts'
import { cloneDatabase, type Row, type School, type TestDatabase } from '../support/database.ts'
import { openStripe, type TestStripe, workerOf } from '../support/stripe.ts'

let base: TestDatabase
let db: Database
let harbour: School
let at: TestStripe
let tuesday = new Date('2027-02-01T23:00:00Z')
const nextWeek = (): Date => (tuesday = hoursLater(tuesday, 24 * 7))
const earlier = (): Date => hoursLater(tuesday, -24 * 3)

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url, { max: 20 })
  harbour = await openSchool(base)
  at = await openStripe({ retries: 0 })
})
beforeEach(() => at.control('/_sim/reset'))
afterAll(async () => {
  await at.close()
  await db.close()
  await base.drop()
})

const worker = () => ({ ...workerOf(db, harbour), now: earlier() })
const finance = { role: 'finance' } as const

interface Paid {
  readonly bookingId: string
  readonly paymentId: string
  readonly intent: string
}

async function paid(): Promise<Paid> {
  const order = orderOf(harbour, nextWeek(), { as: 'pending_payment' })
  const { id: bookingId } = await does(db, harbour, (work) => bookLesson(work, order), { now: earlier() })
  const { id: paymentId } = await does(db, harbour, (work) => requestPayment(work, bookingId), { now: earlier() })
  await openPaymentAtStripe(worker(), paymentId)
  const [row] = await harbour.run('SELECT "stripePaymentIntentId" AS intent FROM "Payment" WHERE id = $1', [paymentId])
  const intent = String(row!.intent)
  await at.client.paymentIntents.confirm(intent, {
    payment_method: 'pm_card_bypassPending',
    return_url: 'http://x.test',
  })
  await refreshPayment(worker(), paymentId)
  return { bookingId, paymentId, intent }
}

/** The lesson was given, and its instructor's part is worth A$72.25. */
async function given({ bookingId, paymentId }: Paid): Promise<string> {
  await harbour.run(`UPDATE "Booking" SET status = 'in_progress' WHERE id = $1`, [bookingId])
  await harbour.run(`UPDATE "Booking" SET status = 'completed', "statusChangedAt" = now() WHERE id = $1`, [bookingId])
  const { instructorId } = harbour
  const split = { platformFeeCents: 1275, instructorShareCents: 7225 }
  const earned = { bookingId, instructorId, currency: 'AUD', kind: 'lesson.completed', ...split } as const
  await does(db, harbour, (work) => post(work, lessonEarned(earned)))
  const line = { instructorId, bookingId, paymentId, amountCents: 7225, status: 'pending', availableAt: new Date() }
  return (await harbour.add('Payout', line)).id
}

/** The payout went out in a batch of its own. */
async function transferred(payoutId: string): Promise<void> {
  const { finance: createdById, owner: approvedById } = harbour.people
  const [{ n } = { n: 0 }] = await harbour.run('SELECT count(*)::int AS n FROM "PayoutBatch"')
  const period = { number: Number(n) + 1, periodStart: '2027-02-01', periodEnd: '2027-02-07' }
  const batch = await harbour.add('PayoutBatch', { ...period, createdById })
  await harbour.change('Payout', payoutId, { batchId: batch.id, status: 'batched' })
  await harbour.change('PayoutBatch', batch.id, { payoutCount: 1, totalCents: 7225 })
  await harbour.change('PayoutBatch', batch.id, { status: 'submitted', submittedAt: new Date() })
  await harbour.change('PayoutBatch', batch.id, { status: 'approved', approvedById, approvedAt: new Date() })
  await harbour.change('PayoutBatch', batch.id, { status: 'processing' })
  const sent = { status: 'paid', paidAt: new Date(), stripeTransferId: `tr_test_${payoutId.slice(-12)}` }
  await harbour.change('Payout', payoutId, sent)
}

const dispute = (intent: string, wish: object = {}) =>
  at.control<Stripe.Dispute>('/_sim/dispute', { payment_intent: intent, ...wish })
const decided = (id: string, outcome: 'won' | 'lost') => at.control('/_sim/dispute/close', { dispute: id, outcome })

/** An event arrives, and a worker thinks about it. */
async function hears(event: Stripe.Event): Promise<Row> {
  const [row] = await db
    .workerQuery(
      `INSERT INTO "WebhookEvent" (provider, "eventId", "eventType", payload, "receivedAt")
       VALUES ('stripe', $1, $2, $3::jsonb, now())
       ON CONFLICT (provider, "eventId") DO UPDATE SET status = 'received' RETURNING id`,
      [event.id, event.type, JSON.stringify(event)],
    )
    .then(({ rows }) => rows as { id: string }[])
  await processEvent(workerOf(db), row!.id, { last: true })
  return (await base.console('superuser', 'SELECT * FROM "WebhookEvent" WHERE id = $1', [row!.id]))[0]!
}
const disputeEvents = () => at.events().filter(({ type }) => type.startsWith('charge.dispute.'))
const hearsAll = async (events = disputeEvents()) => {
  for (const event of events) expect(await hears(event)).toMatchObject({ status: 'processed', orgId: harbour.orgId })
}
const rowOf = async (stripeDisputeId: string): Promise<Row> =>
  (await harbour.run('SELECT * FROM "Dispute" WHERE "stripeDisputeId" = $1', [stripeDisputeId]))[0]!
const payout = async (id: string): Promise<Row> => (await harbour.run('SELECT * FROM "Payout" WHERE id = $1', [id]))[0]!

/** What the books say of a dispute, by fact and account. */
async function booksOf(disputeId: string): Promise<Record<string, Record<string, number>>> {
  const rows = await harbour.run(
    `SELECT t.kind, e.account::text, e."amountCents" AS cents FROM "LedgerEntry" e JOIN "LedgerTransaction" t ON t.id = e."transactionId"
      WHERE t."refId" = $1 AND t."refType" = 'Dispute'`,
    [disputeId],
  )
  const books: Record<string, Record<string, number>> = {}
  for (const { kind, account, cents } of rows) (books[String(kind)] ??= {})[String(account)] = Number(cents)
  return books
}
const OPENED = { disputes: 8500, processor_fees: 2500, stripe_balance: -11_000 }

describe('a dispute that a bank opens', () => {
  test('is taken in with its reason and due date, holds the payout, and is told to finance', async () => {
    const lesson = await paid()
    const payoutId = await given(lesson)
    const { id, evidence_details } = await dispute(lesson.intent, { reason: 'product_not_received' })
    await hearsAll()
    const row = await rowOf(id)
    expect(row).toMatchObject({
      paymentId: lesson.paymentId,
      status: 'needs_response',
      reason: 'product_not_received',
      amountCents: 8500,
      feeCents: 2500,
      evidenceDueBy: new Date(evidence_details.due_by! * 1000),
      closedAt: null,
    })
    expect(await booksOf(row.id)).toEqual({ 'dispute.opened': OPENED })
    expect(await payout(payoutId)).toMatchObject({ status: 'held', holdReason: expect.stringContaining('disputes') })
    const told = await harbour.run('SELECT topic FROM "Outbox" WHERE "aggregateId" = $1', [row.id])
    expect(told.map(({ topic }) => topic)).toEqual(['dispute.opened'])
  })

  test('and that is won gives the money back and lets the payout go', async () => {
    const lesson = await paid()
    const payoutId = await given(lesson)
    const { id } = await dispute(lesson.intent)
    await hearsAll()
    await decided(id, 'won')
    await hearsAll()
    const row = await rowOf(id)
    expect(row).toMatchObject({ status: 'won', closedAt: expect.any(Date) })
    expect(await booksOf(row.id)).toEqual({
      'dispute.opened': OPENED,
      'dispute.won': { disputes: -8500, stripe_balance: 8500 },
    })
    expect(await payout(payoutId)).toMatchObject({ status: 'pending', holdReason: null })
  })

  test('and that is lost after the payout proposes to take the instructor’s part back, once', async () => {
    const lesson = await paid()
    const payoutId = await given(lesson)
    await transferred(payoutId)
    const { id } = await dispute(lesson.intent)
    await decided(id, 'lost')
    await hearsAll()
    await hearsAll()
    const row = await rowOf(id)
    expect(row).toMatchObject({ status: 'lost' })
    expect(await booksOf(row.id)).toEqual({
      'dispute.opened': OPENED,
      'dispute.lost': { disputes: -8500, platform_fee: 1275, instructor_payable: 7225 },
    })
    const reversals = await harbour.run('SELECT * FROM "TransferReversal" WHERE "disputeId" = $1', [row.id])
    expect(reversals).toEqual([expect.objectContaining({ payoutId, amountCents: 7225, status: 'pending_approval' })])
  })

  test('and that is lost before the lesson costs what was owed to the learner', async () => {
    const lesson = await paid()
    const { id } = await dispute(lesson.intent)
    await decided(id, 'lost')
    await hearsAll()
    const { id: row } = await rowOf(id)
    expect((await booksOf(row))['dispute.lost']).toEqual({ disputes: -8500, unearned_lessons: 8500 })
  })

  test('ends in the same place in whatever order its events come, however often and by how many', async () => {
    const lesson = await paid()
    await given(lesson)
    const { id } = await dispute(lesson.intent)
    await decided(id, 'won')
    await hearsAll(disputeEvents().toReversed())
    const books = await booksOf((await rowOf(id)).id)
    await Promise.all(disputeEvents().map((event) => hears(event)))
    await hearsAll()
    expect(await harbour.run('SELECT id FROM "Dispute" WHERE "stripeDisputeId" = $1', [id])).toHaveLength(1)
    expect(await booksOf((await rowOf(id)).id)).toEqual(books)
    expect(Object.keys(books).toSorted()).toEqual(['dispute.opened', 'dispute.won'])
  })

  test('is a question first that moves no money; when it ends with that nothing has moved', async () => {
    const lesson = await paid()
    const payoutId = await given(lesson)
    const { id } = await dispute(lesson.intent)
    const real = at.simulator.state.find('dispute', id)!
    const asks = { ...real, status: 'warning_needs_response' as const, balance_transactions: [] }
    at.simulator.state.put('dispute', asks)
    const [event] = disputeEvents()
    await hears(event!)
    expect(await rowOf(id)).toMatchObject({ status: 'warning', feeCents: 0 })
    expect(await payout(payoutId)).toMatchObject({ status: 'held' })
    at.simulator.state.put('dispute', { ...asks, status: 'warning_closed' })
    await hears(event!)
    const row = await rowOf(id)
    expect(row).toMatchObject({ status: 'closed' })
    expect(await booksOf(row.id)).toEqual({})
    expect(await payout(payoutId)).toMatchObject({ status: 'pending' })
    // the bank takes the money all the same
    at.simulator.state.put('dispute', real)
    await hears(event!)
    expect(await rowOf(id)).toMatchObject({ status: 'needs_response', closedAt: null })
    expect(await booksOf(row.id)).toEqual({ 'dispute.opened': OPENED })
    expect(await payout(payoutId)).toMatchObject({ status: 'held' })
  })

  test('of a payment that is nobody’s stays where the operator finds it', async () => {
    const stranger = await at.client.paymentIntents.create({
      amount: 500,
      currency: 'aud',
      automatic_payment_methods: { enabled: true },
      confirm: true,
      payment_method: 'pm_card_visa',
      return_url: 'http://x.test',
    })
    await dispute(stranger.id)
    const [event] = disputeEvents()
    expect(await hears(event!)).toMatchObject({ status: 'failed', orgId: null })
  })
})

describe('what a school answers', () => {
  const what = { uncategorizedText: 'The learner took the lesson; the trip is recorded.' }
  async function disputed() {
    const lesson = await paid()
    const { id } = await dispute(lesson.intent)
    await hearsAll()
    return { stripeId: id, row: await rowOf(id) }
  }
  const submit = (row: Row) =>
    does(
      db,
      harbour,
      async (work) => {
        const evidence = await writeEvidence(work, row as never, what)
        await answerDispute(work, row.id, { answer: 'evidence', evidence })
      },
      finance,
    )

  test('is sent once with the facts of the lesson, also when the first answer of Stripe is lost', async () => {
    const { stripeId, row } = await disputed()
    await submit(row)
    expect(await refusal(submit(row))).toContain('on its way')
    await at.control('/_sim/faults', {
      kind: 'lost_answer',
      times: 2,
      method: 'POST',
      path: `/v1/disputes/${stripeId}`,
    })
    await expect(answerDisputeAtStripe(worker(), row.id)).rejects.toThrow('has not answered')
    await answerDisputeAtStripe(worker(), row.id)
    await answerDisputeAtStripe(worker(), row.id)
    const there = await at.client.disputes.retrieve(stripeId)
    expect(there.evidence_details.submission_count).toBe(1)
    expect(there.evidence).toMatchObject({
      uncategorized_text: what.uncategorizedText,
      customer_name: 'Mia Kowalski',
      product_description: expect.stringContaining('One hour'),
    })
    expect(await rowOf(stripeId)).toMatchObject({
      status: 'under_review',
      answer: 'evidence',
      answeredAt: expect.any(Date),
    })
    expect(await refusal(submit(row))).toContain('has been answered')
    await expect(harbour.change('Dispute', row.id, { evidence: '{}' })).rejects.toThrow('dispute_answer_sent')
  })

  test('can be that it accepts: the bank keeps the money', async () => {
    const { stripeId, row } = await disputed()
    await does(db, harbour, (work) => answerDispute(work, row.id, { answer: 'accept' }), finance)
    await answerDisputeAtStripe(worker(), row.id)
    expect(await rowOf(stripeId)).toMatchObject({ status: 'lost', answer: 'accept' })
    expect(Object.keys(await booksOf(row.id)).toSorted()).toEqual(['dispute.lost', 'dispute.opened'])
  })

  test('that comes after the bank has decided is not taken, and the dispute is where the bank has it', async () => {
    const { stripeId, row } = await disputed()
    await decided(stripeId, 'lost')
    await submit(row)
    expect(await answerDisputeAtStripe(worker(), row.id)).toBe('refused')
    expect(await rowOf(stripeId)).toMatchObject({ status: 'lost', answer: null, failureCode: 'dispute_not_open' })
  })
})
