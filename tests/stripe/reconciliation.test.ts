import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { disputeOpened, paymentReceived, payoutPaid } from '../../src/domain/ledger/facts.ts'
import { post } from '../../src/domain/ledger/post.ts'
import { reconcile } from '../../src/stripe/reconcile.ts'
import { does, hoursLater } from '../domain/scheduling.ts'
import { cloneDatabase, type Row, type School, school, type TestDatabase } from '../support/database.ts'
import { openStripe, type TestStripe, workerOf } from '../support/stripe.ts'

let base: TestDatabase
let db: Database
let harbour: School
let river: School
let at: TestStripe

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url, { max: 20 })
  at = await openStripe({ retries: 0 })
})
beforeEach(async () => {
  await at.control('/_sim/reset')
  harbour = await school(base)
  river = await school(base, { name: 'River', timeZone: 'Australia/Perth' })
})
afterAll(async () => {
  await at.close()
  await db.close()
  await base.drop()
})

/** In an hour everything that happens here is old enough. */
const later = (hours = 1) => hoursLater(new Date(), hours)
const compares = (only: School | undefined = harbour, hours = 1) =>
  reconcile({ ...workerOf(db), now: later(hours) }, only?.orgId)
/** Two nights from now: the whole of this day is over in every zone. */
const night = (nights = 2) => reconcile({ ...workerOf(db), now: later(24 * nights) })

const charge = async (amount = 8500): Promise<{ intent: string; charge: string }> => {
  const { id, latest_charge } = await at.client.paymentIntents.create({
    amount,
    currency: 'aud',
    automatic_payment_methods: { enabled: true },
    confirm: true,
    payment_method: 'pm_card_bypassPending',
    return_url: 'http://x.test',
  })
  return { intent: id, charge: String(latest_charge) }
}

/** A payment at Stripe, in the school's rows, and in its books. */
async function paid(by: School, { booked = true }: { booked?: boolean } = {}): Promise<Row> {
  const { intent, charge: stripeChargeId } = await charge()
  const ids = { stripePaymentIntentId: intent, stripeChargeId, processorFeeCents: 175, gstCents: 773 }
  const row = await by.payment(ids)
  if (booked) await does(db, by, (work) => post(work, paymentReceived(row as never)))
  return row
}

const exceptions = (of: School) => of.run('SELECT * FROM "ReconciliationException" ORDER BY "createdAt", id')
const lastRun = async (of: School): Promise<Row> =>
  (await of.run('SELECT * FROM "ReconciliationRun" ORDER BY "createdAt" DESC LIMIT 1'))[0]!

test('books that agree with Stripe have no exceptions, and each school is compared with its own', async () => {
  await paid(harbour)
  await paid(harbour)
  await paid(river)
  await night()
  expect([await exceptions(harbour), await exceptions(river)]).toEqual([[], []])
  expect(await lastRun(harbour)).toMatchObject({
    movements: 2,
    exceptions: 0,
    stripeCents: 16_650,
    ledgerCents: 16_650,
  })
  const { days } = await lastRun(river)
  expect(days).toEqual([expect.objectContaining({ movements: 1, stripeCents: 8325, ledgerCents: 8325 })])
})

test('a cent that the books have less is one exception, however many nights see it, and nothing is corrected', async () => {
  const row = await paid(harbour)
  const cent = [
    { account: 'stripe_balance', cents: -1 },
    { account: 'school_income', cents: 1 },
  ] as const
  const fact = { kind: 'payment.corrected', of: 'Payment', id: row.id, currency: 'AUD', lines: cent } as const
  await does(db, harbour, (work) => post(work, fact))
  await compares()
  await compares()
  await night(2)
  await night(3)
  const found = await exceptions(harbour)
  expect(found).toEqual([
    expect.objectContaining({
      kind: 'amount_differs',
      status: 'open',
      subject: row.stripeChargeId,
      stripeCents: 8500,
      ledgerCents: 8499,
      stripeFeeCents: 175,
      ledgerFeeCents: 175,
      differenceCents: 1,
      refType: 'Payment',
      refId: row.id,
      description: 'Payment: at Stripe A$85.00, in the books A$84.99',
    }),
  ])
  const sum = await harbour.run(
    `SELECT sum("amountCents")::int AS cents FROM "LedgerEntry" WHERE account = 'stripe_balance'`,
  )
  expect(sum[0]).toMatchObject({ cents: 8324 })
  await db.transaction({ ...workerOf(db, harbour), userId: harbour.people.finance }, (tx) =>
    tx.reconciliationException.updateMany({
      where: { id: found[0]!.id },
      data: {
        status: 'explained',
        explanation: 'A cent of rounding',
        explainedById: harbour.people.finance,
        explainedAt: new Date(),
      },
    }),
  )
  await compares()
  expect(await exceptions(harbour)).toEqual([expect.objectContaining({ status: 'explained' })])
  // another cent is another gap
  await does(db, harbour, (work) => post(work, { ...fact, part: '2' }))
  await compares()
  expect((await exceptions(harbour)).map(({ status, ledgerCents }) => [status, ledgerCents])).toEqual([
    ['explained', 8499],
    ['open', 8498],
  ])
})

test('what one side does not know is found from either; what arrives late closes the gap by itself', async () => {
  const unbooked = await paid(harbour, { booked: false })
  const { bookingId, id: paymentId } = await harbour.payment()
  const { instructorId } = harbour
  const line = { instructorId, bookingId, paymentId, amountCents: 7225, status: 'pending', availableAt: new Date() }
  const payout = await harbour.add('Payout', line)
  const fact = payoutPaid({ id: payout.id, bookingId, currency: 'AUD', instructorId, amountCents: 7225 })
  await does(db, harbour, (work) => post(work, fact))
  await compares()
  expect(await exceptions(harbour)).toEqual([
    expect.objectContaining({ kind: 'missing_in_ledger', subject: unbooked.stripeChargeId, ledgerCents: null }),
    expect.objectContaining({ kind: 'missing_at_stripe', subject: payout.id, stripeCents: null, ledgerCents: -7225 }),
  ])
  await does(db, harbour, (work) => post(work, paymentReceived(unbooked as never)))
  await compares()
  expect((await exceptions(harbour)).map(({ kind, status }) => [kind, status])).toEqual([
    ['missing_in_ledger', 'gone'],
    ['missing_at_stripe', 'open'],
  ])
})

test('another fee than Stripe kept is told as that', async () => {
  const row = await paid(harbour, { booked: false })
  await does(db, harbour, (work) => post(work, paymentReceived({ ...row, processorFeeCents: 170 } as never)))
  await compares()
  expect(await exceptions(harbour)).toEqual([
    expect.objectContaining({ kind: 'fee_differs', stripeFeeCents: 175, ledgerFeeCents: 170, differenceCents: -5 }),
  ])
})

test('what just moves is left to the next run', async () => {
  await paid(harbour, { booked: false })
  await compares(harbour, 0)
  expect(await exceptions(harbour)).toEqual([])
})

describe('an object that no row knows', () => {
  test('but whose payment is ours is that school’s: a dispute that nobody has heard of', async () => {
    const row = await paid(harbour)
    const { id } = await at.control<{ id: string }>('/_sim/dispute', { charge: row.stripeChargeId })
    await compares()
    expect(await exceptions(harbour)).toEqual([
      expect.objectContaining({
        kind: 'missing_in_ledger',
        subject: id,
        stripeCents: -8500,
        stripeFeeCents: 2500,
        refId: null,
      }),
    ])
    const dispute = await harbour.add('Dispute', {
      paymentId: row.id,
      stripeDisputeId: id,
      status: 'needs_response',
      reason: 'fraudulent',
      amountCents: 8500,
      feeCents: 2500,
      openedAt: new Date(),
    })
    const about = { id: dispute.id, bookingId: row.bookingId, currency: 'AUD', amountCents: 8500, feeCents: 2500 }
    await does(db, harbour, (work) => post(work, disputeOpened(about)))
    await night(9)
    expect(await exceptions(harbour)).toEqual([expect.objectContaining({ status: 'gone' })])
  })

  test('is nobody’s school’s, and waits for the people of the platform, once', async () => {
    const stranger = await charge(500)
    const unknown = () =>
      base.console('superuser', 'SELECT * FROM "ReconciliationException" WHERE "orgId" IS NULL AND subject = $1', [
        stranger.charge,
      ])
    await compares()
    expect(await unknown()).toEqual([])
    await night()
    await night()
    expect(await unknown()).toEqual([
      expect.objectContaining({ kind: 'missing_in_ledger', status: 'open', stripeCents: 500 }),
    ])
    expect(await exceptions(harbour)).toEqual([])
    // it has found its school
    await harbour.payment({
      stripePaymentIntentId: stranger.intent,
      stripeChargeId: stranger.charge,
      bookingId: null,
      purpose: 'package',
    })
    await night()
    expect(await unknown()).toEqual([expect.objectContaining({ status: 'gone' })])
  })
})

test('a night without a worker is made up for: the next run begins where the last one ended', async () => {
  await paid(harbour)
  await night(2)
  await night(12)
  const runs = await harbour.run('SELECT "coversFrom", "coversUntil" FROM "ReconciliationRun" ORDER BY "coversUntil"')
  expect(Number(runs[1]!.coversFrom) < Number(runs[0]!.coversUntil)).toBe(true)
})

test('what was found and how it was explained cannot be rewritten', async () => {
  await paid(harbour, { booked: false })
  await compares()
  const [found] = await exceptions(harbour)
  await expect(harbour.change('ReconciliationException', found!.id, { stripeCents: 1 })).rejects.toThrow(
    'reconciliation_frozen',
  )
  const explained = {
    status: 'explained',
    explanation: 'because',
    explainedById: harbour.people.finance,
    explainedAt: new Date(),
  }
  await expect(harbour.change('ReconciliationException', found!.id, { status: 'explained' })).rejects.toThrow(
    'reconciliation_explained',
  )
  await harbour.change('ReconciliationException', found!.id, explained)
  await expect(harbour.change('ReconciliationException', found!.id, { explanation: 'something else' })).rejects.toThrow(
    'reconciliation_frozen',
  )
})
