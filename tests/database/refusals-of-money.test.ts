import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cloneDatabase, school, type Row, type School, type TestDatabase } from '../support/database.ts'

// As refusals.test.ts: every wrong write is tried as the app's own login.

let db: TestDatabase
let harbour: School

beforeAll(async () => {
  db = await cloneDatabase()
  harbour = await school(db)
})
afterAll(() => db.drop())

/** The rule that refuses, and PostgreSQL's code for the kind of rule: 23514 check, 23505 unique, 23P01 exclusion. */
const refusal = (constraint: string, code = '23514') => ({ code, constraint })

const split = (cents: number, fee = 0) => ({
  amountCents: cents,
  platformFeeCents: fee,
  instructorShareCents: cents - fee,
})

function refund(paymentId: string, values: Record<string, unknown> = {}): Promise<Row> {
  const asked = { reasonCode: 'goodwill', reason: 'car broke down', requestedById: harbour.people.manager }
  return harbour.add('Refund', { paymentId, ...split(1000), ...asked, idempotencyKey: randomUUID(), ...values })
}

describe('sums', () => {
  test('a price is the fee and the share, everywhere', async () => {
    const { id } = await harbour.payment()
    await expect(harbour.booking({ priceCents: 8600 })).rejects.toMatchObject(refusal('booking_split'))
    await expect(harbour.payment({ platformFeeCents: 1000 })).rejects.toMatchObject(refusal('payment_split'))
    await expect(refund(id, { platformFeeCents: 1 })).rejects.toMatchObject(refusal('refund_split'))
  })

  test('no amount is negative', async () => {
    const { id } = await harbour.payment()
    await expect(harbour.booking({ platformFeeCents: -100, instructorShareCents: 8600 })).rejects.toMatchObject(
      refusal('booking_money'),
    )
    await expect(harbour.payment({ ...split(8500, -1) })).rejects.toMatchObject(refusal('payment_money'))
    await expect(harbour.payment({ ...split(0) })).rejects.toMatchObject(refusal('payment_money'))
    await expect(harbour.payment({ processorFeeCents: -1 })).rejects.toMatchObject(refusal('payment_money'))
    await expect(refund(id, split(-5))).rejects.toMatchObject(refusal('refund_money'))
  })

  test('a fee is between nothing and all', async () => {
    await expect(harbour.booking({ platformFeeBps: 10_001 })).rejects.toMatchObject(refusal('booking_fee_rate'))
  })
})

describe('payments', () => {
  test('a payment is refunded when, and only when, everything went back', async () => {
    const { id } = await harbour.payment()
    for (const wrong of [
      { status: 'refunded' },
      { status: 'refunded', refundedCents: 8499 },
      { refundedCents: 8500 },
      { status: 'partially_refunded' },
      { status: 'partially_refunded', refundedCents: 8500 },
      { refundedCents: 1 },
      { status: 'refunded', refundedCents: 8501 },
    ]) {
      await expect(harbour.change('Payment', id, wrong)).rejects.toMatchObject(refusal('payment_refunded'))
    }
    await harbour.change('Payment', id, { status: 'partially_refunded', refundedCents: 8499 })
    await harbour.change('Payment', id, { status: 'refunded', refundedCents: 8500 })
  })

  test('a lesson is paid once; after a failure it can be tried again', async () => {
    const { bookingId } = await harbour.payment({ status: 'failed' })
    await harbour.payment({ bookingId })
    await expect(harbour.payment({ bookingId })).rejects.toMatchObject(refusal('payment_one_live_per_booking', '23505'))
    await harbour.payment({ bookingId, purpose: 'reschedule_fee' })
  })

  test('a payment says what it is for', async () => {
    await expect(harbour.payment({ bookingId: null })).rejects.toMatchObject(refusal('payment_target'))
    await expect(harbour.payment({ purpose: 'package' })).rejects.toMatchObject(refusal('payment_target'))
  })

  test('a card payment that got anywhere has its intent at Stripe', async () => {
    await expect(harbour.payment({ stripePaymentIntentId: null })).rejects.toMatchObject(refusal('payment_card'))
    await harbour.payment({ status: 'intent_created', stripePaymentIntentId: null })
  })

  test('what was received is not rewritten', async () => {
    const { id } = await harbour.payment()
    await expect(harbour.change('Payment', id, split(9000))).rejects.toMatchObject(refusal('payment_frozen'))
    await expect(harbour.change('Payment', id, { status: 'failed' })).rejects.toMatchObject(refusal('payment_frozen'))
    await expect(harbour.run('DELETE FROM "Payment" WHERE id = $1', [id])).rejects.toMatchObject({ code: '42501' })
  })
})

describe('refunds', () => {
  test('refunds never add up to more than was paid; failed ones do not count', async () => {
    const { id } = await harbour.payment()
    await refund(id, split(6000))
    const second = await refund(id, split(2500))
    await expect(refund(id, split(1))).rejects.toMatchObject(refusal('refund_cap'))
    await harbour.change('Refund', second.id, { status: 'failed' })
    await refund(id, split(2500))
    await expect(harbour.change('Refund', second.id, { status: 'pending' })).rejects.toMatchObject(
      refusal('refund_cap'),
    )
  })

  test('nothing goes back of what was not received, nor in another currency', async () => {
    const { id } = await harbour.payment({ status: 'processing' })
    await expect(refund(id)).rejects.toMatchObject(refusal('refund_cap'))
    await expect(refund((await harbour.payment()).id, { currency: 'NZD' })).rejects.toMatchObject(
      refusal('refund_currency'),
    )
  })

  test('a refund is approved by somebody, and not by who asked for it', async () => {
    const { id } = await refund((await harbour.payment()).id)
    const { manager, finance } = harbour.people
    await expect(harbour.change('Refund', id, { status: 'approved' })).rejects.toMatchObject(refusal('refund_approved'))
    await expect(harbour.change('Refund', id, { status: 'approved', approvedById: manager })).rejects.toMatchObject(
      refusal('refund_two_people'),
    )
    await harbour.change('Refund', id, { status: 'approved', approvedById: finance })
  })

  test('a large refund, or an override, cannot go past its approval', async () => {
    const large = await harbour.payment(split(20_000))
    const { id } = await refund(large.id, split(10_001))
    await expect(harbour.change('Refund', id, { status: 'submitting' })).rejects.toMatchObject(
      refusal('refund_needs_approval'),
    )
    await expect(refund(large.id, { isOverride: true, status: 'succeeded' })).rejects.toMatchObject(
      refusal('refund_needs_approval'),
    )
    await harbour.change('Refund', id, { status: 'submitting', approvedById: harbour.people.finance })
    const small = await refund(large.id, split(5000))
    await harbour.change('Refund', small.id, { status: 'submitting' })
  })

  test('what was asked for, and by whom, is what is decided on', async () => {
    const { id } = await refund((await harbour.payment()).id)
    const other = await harbour.payment()
    const { owner, finance } = harbour.people
    const changes = [
      split(900),
      { paymentId: other.id },
      { requestedById: owner },
      { currency: 'NZD' },
      { method: 'credit' },
    ]
    for (const change of changes)
      await expect(harbour.change('Refund', id, change)).rejects.toMatchObject(refusal('refund_frozen'))
    await harbour.change('Refund', id, { status: 'approved', approvedById: finance })
    await expect(harbour.change('Refund', id, { approvedById: owner })).rejects.toMatchObject(refusal('refund_frozen'))
  })

  test('a refund is rejected with a reason, and not by who asked for it', async () => {
    const { id } = await refund((await harbour.payment()).id)
    const { finance, manager } = harbour.people
    for (const rejectedReason of [null, ' '])
      await expect(
        harbour.change('Refund', id, { status: 'rejected', rejectedReason, rejectedById: finance }),
      ).rejects.toMatchObject(refusal('refund_rejected'))
    const why = { status: 'rejected', rejectedReason: 'Agreed otherwise' }
    await expect(harbour.change('Refund', id, { ...why, rejectedById: manager })).rejects.toMatchObject(
      refusal('refund_rejected_by'),
    )
    await harbour.change('Refund', id, { ...why, rejectedById: finance })
  })

  test('a refund has a reason in words', async () => {
    await expect(refund((await harbour.payment()).id, { reason: ' ' })).rejects.toMatchObject(refusal('refund_reason'))
  })
})

describe('payouts', () => {
  let number = 0
  async function batch(): Promise<string> {
    const { finance: createdById } = harbour.people
    const period = { periodStart: '2031-01-06', periodEnd: '2031-01-12' }
    return (await harbour.add('PayoutBatch', { number: ++number, ...period, createdById })).id
  }

  async function payout(values: Record<string, unknown> = {}): Promise<Row> {
    const bookingId = 'bookingId' in values ? values.bookingId : (await harbour.booking()).id
    const { instructorId } = harbour
    return harbour.add('Payout', { instructorId, bookingId, amountCents: 7225, availableAt: new Date(), ...values })
  }

  async function submitted(): Promise<{ id: string; line: Row }> {
    const id = await batch()
    const line = await payout({ batchId: id })
    await harbour.change('PayoutBatch', id, { payoutCount: 1, totalCents: 7225 })
    await harbour.change('PayoutBatch', id, { status: 'submitted' })
    return { id, line }
  }

  const approve = (id: string) =>
    harbour.change('PayoutBatch', id, { status: 'approved', approvedById: harbour.people.owner })

  test('a booking is paid out once, adjustments and canceled payouts aside', async () => {
    const first = await payout()
    const { bookingId } = first
    await expect(payout({ bookingId, kind: 'late_cancel' })).rejects.toMatchObject(
      refusal('payout_once_per_booking', '23505'),
    )
    const adjustment = { bookingId, kind: 'adjustment', amountCents: 100 }
    await expect(payout(adjustment)).rejects.toMatchObject(refusal('payout_adjusted'))
    await payout({ ...adjustment, reason: 'Fuel' })
    await expect(payout({ ...adjustment, reason: 'Fuel', amountCents: -100 })).rejects.toMatchObject(
      refusal('payout_money'),
    )
    await payout({ ...adjustment, reason: 'Fuel', amountCents: -100, status: 'deducted' })
    await harbour.change('Payout', first.id, { status: 'canceled' })
    await payout({ bookingId })
  })

  test('paid means a transfer, an approved batch and a time', async () => {
    const { id, line } = await submitted()
    const transfer = { status: 'paid', stripeTransferId: `tr_test_${randomUUID()}`, paidAt: new Date() }
    await expect(harbour.change('Payout', (await payout()).id, transfer)).rejects.toMatchObject(refusal('payout_paid'))
    await expect(harbour.change('Payout', line.id, transfer)).rejects.toMatchObject(refusal('payout_batch_approved'))
    await expect(harbour.change('Payout', line.id, { status: 'submitting' })).rejects.toMatchObject(
      refusal('payout_batch_approved'),
    )
    await approve(id)
    await expect(harbour.change('Payout', line.id, { ...transfer, stripeTransferId: null })).rejects.toMatchObject(
      refusal('payout_paid'),
    )
    await harbour.change('Payout', line.id, transfer)
  })

  test('a batch is approved by somebody who did not build it', async () => {
    const { id } = await submitted()
    const { finance } = harbour.people
    await expect(harbour.change('PayoutBatch', id, { status: 'approved' })).rejects.toMatchObject(
      refusal('batch_approved'),
    )
    await expect(
      harbour.change('PayoutBatch', id, { status: 'approved', approvedById: finance }),
    ).rejects.toMatchObject(refusal('batch_two_people'))
    await expect(harbour.change('PayoutBatch', id, { createdById: harbour.people.owner })).rejects.toMatchObject(
      refusal('batch_frozen'),
    )
    await approve(id)
  })

  test('a draft cannot be approved without being submitted', async () => {
    await expect(approve(await batch())).rejects.toMatchObject(refusal('batch_transition'))
    const early = harbour.change('PayoutBatch', await batch(), { approvedById: harbour.people.owner })
    await expect(early).rejects.toMatchObject(refusal('batch_not_yet_approved'))
  })

  test('a batch is submitted with the number and the sum of its payouts', async () => {
    const id = await batch()
    await payout({ batchId: id })
    const submit = (values: object) => harbour.change('PayoutBatch', id, { status: 'submitted', ...values })
    await expect(submit({ payoutCount: 1, totalCents: 7224 })).rejects.toMatchObject(refusal('batch_total'))
    await expect(submit({ payoutCount: 2, totalCents: 7225 })).rejects.toMatchObject(refusal('batch_total'))
    await submit({ payoutCount: 1, totalCents: 7225 })
  })

  test('after submission neither amount, payee nor lines change', async () => {
    const { id, line } = await submitted()
    const instructorId = (await harbour.add('Instructor', { displayName: 'Leo Brandt' })).id
    for (const change of [{ amountCents: 9999 }, { instructorId }, { currency: 'NZD' }, { batchId: null }]) {
      await expect(harbour.change('Payout', line.id, change)).rejects.toMatchObject(refusal('payout_line_frozen'))
    }
    await expect(payout({ batchId: id })).rejects.toMatchObject(refusal('payout_line_frozen'))
    await expect(harbour.change('Payout', (await payout()).id, { batchId: id })).rejects.toMatchObject(
      refusal('payout_line_frozen'),
    )
    await expect(db.console('superuser', 'DELETE FROM "Payout" WHERE id = $1', [line.id])).rejects.toMatchObject(
      refusal('payout_line_frozen'),
    )
    for (const change of [{ totalCents: 1 }, { payoutCount: 2 }, { periodEnd: '2031-02-01' }]) {
      await expect(harbour.change('PayoutBatch', id, change)).rejects.toMatchObject(refusal('batch_frozen'))
    }
  })

  test('a change takes the batch back to draft, which voids the approval', async () => {
    const { id, line } = await submitted()
    await approve(id)
    await expect(harbour.change('PayoutBatch', id, { status: 'draft' })).rejects.toMatchObject(
      refusal('batch_not_yet_approved'),
    )
    await harbour.change('PayoutBatch', id, { status: 'draft', approvedById: null })
    await harbour.change('Payout', line.id, { amountCents: 7000 })
    await expect(harbour.change('PayoutBatch', id, { status: 'submitted' })).rejects.toMatchObject(
      refusal('batch_total'),
    )
  })

  test('a payout is about a booking, and takes back no more than it paid', async () => {
    await expect(payout({ bookingId: null })).rejects.toMatchObject(refusal('payout_booking'))
    await expect(payout({ reversedCents: 7226 })).rejects.toMatchObject(refusal('payout_money'))
  })

  test('a reversal has one cause', async () => {
    const { id: payoutId } = await payout()
    const reversal = { payoutId, amountCents: 100, idempotencyKey: randomUUID() }
    const waiting = { ...reversal, status: 'pending_approval' }
    await expect(harbour.add('TransferReversal', waiting)).rejects.toMatchObject(refusal('reversal_cause'))
  })

  test('a reversal that follows from nothing is agreed to by two people', async () => {
    const { id: payoutId } = await payout()
    const { finance, owner } = harbour.people
    const reversal = { payoutId, amountCents: 100, reason: 'Wrong lesson', requestedById: finance }
    const add = (values: object) =>
      harbour.add('TransferReversal', { ...reversal, ...values, idempotencyKey: randomUUID() })
    await expect(add({ status: 'approved' })).rejects.toMatchObject(refusal('reversal_approved'))
    await expect(add({ status: 'approved', approvedById: finance })).rejects.toMatchObject(
      refusal('reversal_two_people'),
    )
    await add({ status: 'approved', approvedById: owner })
  })

  test('what was submitted is kept line by line, and only that is approved', async () => {
    const { id, line } = await submitted()
    const [batch] = await harbour.run('SELECT lines, "linesHash" FROM "PayoutBatch" WHERE id = $1', [id])
    expect(batch).toMatchObject({ lines: [{ payout: line.id }], linesHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    await harbour.change('PayoutBatch', id, { lines: '[]', linesHash: 'bent' })
    const [after] = await harbour.run('SELECT lines, "linesHash" FROM "PayoutBatch" WHERE id = $1', [id])
    expect(after).toEqual(batch)
    // the account that it would go to is part of it
    await harbour.change('Instructor', harbour.instructorId, { stripeAccountId: `acct_${randomUUID()}` })
    await expect(approve(id)).rejects.toMatchObject(refusal('batch_lines'))
    await harbour.change('Instructor', harbour.instructorId, { stripeAccountId: null })
  })
})

describe('the ledger', () => {
  const post = (...entries: [account: string, currency: string, cents: number][]) =>
    harbour.transaction(async (run) => {
      const [posted] = await run(
        `INSERT INTO "LedgerTransaction" ("orgId", kind, "refType", "refId", "idempotencyKey", "occurredAt")
         VALUES ($1, 'payment', 'Payment', 'p', $2, now()) RETURNING id`,
        [harbour.orgId, randomUUID()],
      )
      for (const entry of entries) {
        await run(
          `INSERT INTO "LedgerEntry" ("orgId", "transactionId", account, currency, "amountCents")
           VALUES ($1, $2, $3, $4, $5)`,
          [harbour.orgId, posted!.id, ...entry],
        )
      }
    })

  test('a transaction adds up to zero in each currency when it commits', async () => {
    await post(['stripe_balance', 'AUD', 8500], ['platform_fee', 'AUD', -1275], ['instructor_payable', 'AUD', -7225])
    await expect(post(['stripe_balance', 'AUD', 8500], ['platform_fee', 'AUD', -8499])).rejects.toMatchObject(
      refusal('ledger_balanced'),
    )
    await expect(post(['stripe_balance', 'AUD', 100], ['platform_fee', 'NZD', -100])).rejects.toMatchObject(
      refusal('ledger_balanced'),
    )
    await expect(post(['stripe_balance', 'AUD', 0])).rejects.toMatchObject(refusal('ledger_entry_amount'))
  })

  test('changing school before the commit does not hide the gap', async () => {
    const write = harbour.transaction(async (run) => {
      const [posted] = await run(
        `INSERT INTO "LedgerTransaction" ("orgId", kind, "refType", "refId", "idempotencyKey", "occurredAt")
         VALUES ($1, 'payment', 'Payment', 'p', $2, now()) RETURNING id`,
        [harbour.orgId, randomUUID()],
      )
      await run(
        `INSERT INTO "LedgerEntry" ("orgId", "transactionId", account, currency, "amountCents")
         VALUES ($1, $2, 'cash', 'AUD', 1)`,
        [harbour.orgId, posted!.id],
      )
      await run(`SELECT set_config('app.org_id', $1, true)`, [randomUUID()])
    })
    await expect(write).rejects.toMatchObject(refusal('ledger_balanced'))
  })

  test('a credit holds no more than was granted', async () => {
    const grant = {
      studentId: harbour.studentId,
      source: 'goodwill',
      minutes: 60,
      minutesLeft: 60,
      valueCents: 0,
      valueLeft: 0,
    }
    await expect(harbour.add('CreditGrant', { ...grant, minutesLeft: 61 })).rejects.toMatchObject(
      refusal('credit_grant_minutes'),
    )
    await expect(harbour.add('CreditGrant', { ...grant, valueLeft: 1 })).rejects.toMatchObject(
      refusal('credit_grant_value'),
    )
  })
})
