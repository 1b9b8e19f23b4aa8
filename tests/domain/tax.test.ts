import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { disputeLost, paymentReceived, payoutPaid, payoutReversed, refundPaid } from '../../src/domain/ledger/facts.ts'
import { type Fact, post } from '../../src/domain/ledger/post.ts'
import { quarterOf, quartersBetween } from '../../src/domain/tax/quarter.ts'
import { readStatement } from '../../src/domain/tax/read-statement.ts'
import { cloneDatabase, type Row, type School, school, type TestDatabase } from '../support/database.ts'
import { does, refusal } from './scheduling.ts'

let base: TestDatabase
let db: Database
let sydney: School

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url)
  sydney = await school(base)
})
afterAll(async () => {
  await db.close()
  await base.drop()
})

const ZONE = 'Australia/Sydney'
const JUNE = '2026-04'
const SEPTEMBER = '2026-07'
const tells = (fact: Fact, at: string) => does(db, sydney, (work) => post(work, { ...fact, at: new Date(at) }))
const statement = (key: string) => does(db, sydney, (work) => readStatement(work, quarterOf(key, ZONE)))

async function paid(at: string, values: Record<string, unknown> = {}): Promise<Row> {
  const row = await sydney.payment({ gstCents: 773, processorFeeCents: 175, ...values })
  await tells(paymentReceived(row as never), at)
  return row
}
const about = (row: Row) => ({ bookingId: row.bookingId, currency: 'AUD' })

/** Part of it goes back to the learner. */
async function refunded(row: Row, amountCents: number, at: string): Promise<void> {
  const refund = await sydney.add('Refund', {
    paymentId: row.id,
    amountCents,
    platformFeeCents: 0,
    instructorShareCents: amountCents,
    currency: 'AUD',
    reasonCode: 'goodwill',
    reason: 'Rain',
    idempotencyKey: randomUUID(),
    requestedById: sydney.people.manager,
  })
  await tells(refundPaid({ ...about(row), id: refund.id, amountCents }, row.method as 'card'), at)
}

describe('the statement of a quarter', () => {
  test('has what came in and went back in it, by the clocks of the school', async () => {
    // 30 June, 23:30 in Sydney; and an hour later
    const last = await paid('2026-06-30T13:30:00Z')
    await paid('2026-06-30T14:30:00Z', { method: 'cash', stripePaymentIntentId: null, processorFeeCents: null })
    expect(await statement(JUNE)).toMatchObject({ salesCents: 8500, gstOnSalesCents: 773 })
    expect(await statement(SEPTEMBER)).toMatchObject({ salesCents: 8500, gstOnSalesCents: 773 })
    await refunded(last, 4250, '2026-07-02T00:00:00Z')
    expect(await statement(JUNE)).toMatchObject({ salesCents: 8500, gstOnSalesCents: 773 })
    const { salesCents, gstOnSalesCents, sales } = await statement(SEPTEMBER)
    expect({ salesCents, gstOnSalesCents }).toEqual({ salesCents: 4250, gstOnSalesCents: 387 })
    expect(sales.map(({ kind, method, amountCents }) => [kind, method, amountCents])).toEqual([
      ['payment.succeeded', 'cash', 8500],
      ['refund.succeeded', 'card', -4250],
    ])
  })

  test('leaves no tax of a sale that went back whole, in however many parts', async () => {
    const before = await statement('2026-10')
    const row = await paid('2026-10-05T00:00:00Z')
    for (const part of [3333, 3333, 1834]) await refunded(row, part, '2026-10-06T00:00:00Z')
    const { salesCents, gstOnSalesCents } = await statement('2026-10')
    expect({ salesCents, gstOnSalesCents }).toEqual({
      salesCents: before.salesCents,
      gstOnSalesCents: before.gstOnSalesCents,
    })
  })

  test('counts a package when it is sold and not again when it is used, and a dispute when it is lost', async () => {
    const quarter = '2027-01'
    await paid('2027-01-10T00:00:00Z', { bookingId: null, purpose: 'package' })
    await paid('2027-01-20T00:00:00Z', {
      method: 'credit',
      gstCents: 0,
      stripePaymentIntentId: null,
      processorFeeCents: null,
    })
    expect(await statement(quarter)).toMatchObject({ salesCents: 8500, gstOnSalesCents: 773 })
    const row = await paid('2027-01-21T00:00:00Z')
    const dispute = await sydney.add('Dispute', {
      paymentId: row.id,
      stripeDisputeId: `dp_${randomUUID()}`,
      status: 'lost',
      reason: 'fraudulent',
      amountCents: 8500,
      openedAt: new Date(),
      closedAt: new Date(),
    })
    const split = { platformFeeCents: 1275, instructorShareCents: 7225, instructorId: sydney.instructorId }
    await tells(disputeLost({ ...about(row), id: dispute.id, amountCents: 8500 }, split), '2027-02-01T00:00:00Z')
    expect(await statement(quarter)).toMatchObject({ salesCents: 8500, gstOnSalesCents: 773 })
  })

  test('credits the tax in what registered instructors were paid, less what was taken back', async () => {
    const quarter = '2027-04'
    const line = async (gstCents: number) => {
      const row = await paid('2027-04-10T00:00:00Z')
      const { instructorId } = sydney
      const money = { instructorId, bookingId: row.bookingId, paymentId: row.id, amountCents: 7225, gstCents }
      const payout = await sydney.add('Payout', { ...money, status: 'pending', availableAt: new Date() })
      await tells(payoutPaid({ ...about(row), id: payout.id, instructorId, amountCents: 7225 }), '2027-04-20T00:00:00Z')
      return payout
    }
    const registered = await line(657)
    await line(0)
    expect(await statement(quarter)).toMatchObject({ gstOnPurchasesCents: 657, owedCents: 2 * 773 - 657 })
    const why = { reason: 'Half of it was not given', status: 'pending_approval', idempotencyKey: randomUUID() }
    const reversal = await sydney.add('TransferReversal', { payoutId: registered.id, amountCents: 3613, ...why })
    const back = { id: reversal.id, ...about(registered), instructorId: sydney.instructorId, amountCents: 3613 }
    await tells(payoutReversed(back), '2027-05-01T00:00:00Z')
    expect(await statement(quarter)).toMatchObject({ gstOnPurchasesCents: 328 })
  })

  test('is what the books say: all quarters together are all that came in, less all that went back', async () => {
    const quarters = quartersBetween(new Date('2026-04-05'), new Date('2027-05-05'), ZONE)
    expect(quarters.map(({ name }) => name)).toEqual([
      'Apr–Jun 2027',
      'Jan–Mar 2027',
      'Oct–Dec 2026',
      'Jul–Sep 2026',
      'Apr–Jun 2026',
    ])
    const all = await Promise.all(quarters.map(({ key }) => statement(key)))
    const [books] = await sydney.run(
      `SELECT sum(e."amountCents")::int AS cents FROM "LedgerEntry" e JOIN "LedgerTransaction" t ON t.id = e."transactionId"
        WHERE (e.account IN ('stripe_balance', 'cash', 'processor_fees') AND t."refType" IN ('Payment', 'Refund')) OR e.account = 'disputes'`,
    )
    expect(all.reduce((cents, { salesCents }) => cents + salesCents, 0)).toBe(books!.cents)
  })

  test('is of a quarter', async () => {
    expect(await refusal(Promise.resolve().then(() => quarterOf('2026-05', ZONE)))).toContain('January, April')
  })
})
