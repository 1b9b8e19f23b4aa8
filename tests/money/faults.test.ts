import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adjustPayable } from '../../src/domain/payouts/adjust-payable.ts'
import { buildBatch } from '../../src/domain/payouts/build-batch.ts'
import { retryPayout } from '../../src/domain/payouts/edit-batch.ts'
import { requestRefund } from '../../src/domain/refunds/request-refund.ts'
import { closePaymentAtStripe } from '../../src/stripe/close-payment.ts'
import { processEvent } from '../../src/stripe/process-event.ts'
import { reversePayoutAtStripe } from '../../src/stripe/reverse-payout.ts'
import { submitRefundAtStripe } from '../../src/stripe/submit-refund.ts'
import { transferPayoutAtStripe } from '../../src/stripe/transfer-payout.ts'
import { does, refusal } from '../domain/scheduling.ts'
import { recordAction } from '../support/actions.ts'
import { type Browser, startServer, TEST_PASSWORD_HASH, type TestServer } from '../support/server.ts'
import { signed, workerOf } from '../support/stripe.ts'
import { openPump, type Pump } from './pump.ts'
import { approved, connectInstructor, earned, forget, LATER, paidOut, submitted } from './payouts.ts'
import { openStage, type Stage } from './stage.ts'

// Faults of money.md beside those that are tried elsewhere (docs/money.md says where), each with the books afterwards.

let stage: Stage
let server: TestServer
let pump: Pump
let account: string

beforeAll(async () => {
  stage = await openStage({ retries: 0, timeoutMs: 500 })
  account = await connectInstructor(stage)
  server = await startServer({ db: stage.db })
  pump = await openPump(stage.base, stage.db)
})
afterAll(async () => {
  await pump.close()
  await server.close()
  await stage.close()
})

const worker = () => workerOf(stage.db, stage.harbour)
const refund = (paymentId: string, amountCents: number, more = {}) => {
  const wish = { paymentId, amountCents, reasonCode: 'goodwill', reason: 'Late', key: randomUUID(), ...more } as const
  return does(stage.db, stage.harbour, (work) => requestRefund(work, wish))
}
const transfer = (payoutId: string) => transferPayoutAtStripe(worker(), payoutId)
const attempts = (id: string) =>
  stage.harbour.run('SELECT attempt, status::text FROM "StripeCall" WHERE "refId" = $1 ORDER BY attempt', [id])
/** Everybody hears of everything, and does it. */
async function rest(): Promise<void> {
  const hear = { now: LATER, most: Infinity, pick: () => 0, again: () => false }
  while ((await pump.run(hear)) > 0) continue
}
const fine = async () => {
  await rest()
  return await stage.faults()
}

test('11: an event that comes five times at once, and is thought about by five at once, has one effect', async () => {
  const { at, base, db } = stage
  const { paymentId, intent } = await stage.opened()
  await at.client.paymentIntents.confirm(intent, { payment_method: 'pm_card_visa', return_url: 'http://x.test' })
  const event = at.events('payment_intent.succeeded').at(-1)!
  const post = () => fetch(`${server.url}/webhooks/stripe`, signed(event))
  const answers = await Promise.all(Array.from({ length: 5 }, post))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  const stored = await base.console('superuser', 'SELECT id FROM "WebhookEvent" WHERE "eventId" = $1', [event.id])
  expect(stored).toHaveLength(1)
  const think = () => processEvent(workerOf(db), stored[0]!.id, { last: false })
  await Promise.all(Array.from({ length: 5 }, think))
  const facts = await stage.harbour.run('SELECT kind FROM "LedgerTransaction" WHERE "refId" = $1', [paymentId])
  expect(facts).toEqual([{ kind: 'payment.succeeded' }])
  expect(await fine()).toEqual([])
})

test('a question whose answer was lost is asked to its end, also when nobody wants it any more', async () => {
  const { at, base } = stage
  const { paymentId, intent } = await stage.opened()
  await at.control('/_sim/faults', { kind: 'lost_answer', times: 2, path: `/v1/payment_intents/${intent}` })
  await closePaymentAtStripe(worker(), paymentId).catch(() => {})
  // its event is faster than the next attempt
  const event = at.events('payment_intent.canceled').at(-1)!
  await fetch(`${server.url}/webhooks/stripe`, signed(event))
  const [stored] = await base.console('superuser', 'SELECT id FROM "WebhookEvent" WHERE "eventId" = $1', [event.id])
  await processEvent(workerOf(stage.db), stored!.id, { last: false })
  expect(await stage.row('Payment', paymentId)).toMatchObject({ status: 'canceled' })
  expect(await closePaymentAtStripe(worker(), paymentId)).toBe('done')
  expect(await attempts(paymentId)).toMatchObject([{ status: 'done' }, { status: 'done' }])
  expect(await fine()).toEqual([])
})

describe('20: what was submitted', () => {
  test('is not edited by a console either: the approver sees what is paid', async () => {
    const { payoutId } = await earned(stage)
    const batchId = await submitted(stage)
    const raise = stage.base.console(
      'superuser',
      'UPDATE "Payout" SET "amountCents" = "amountCents" - 1 WHERE id = $1',
      [payoutId],
    )
    await expect(raise).rejects.toThrow('part of a submitted batch')
    const total = stage.base.console('superuser', 'UPDATE "PayoutBatch" SET "totalCents" = 1 WHERE id = $1', [batchId])
    await expect(total).rejects.toThrow('cannot be edited')
    const alone = stage.base.console(
      'superuser',
      `UPDATE "PayoutBatch" SET status = 'approved', "approvedById" = "createdById" WHERE id = $1`,
      [batchId],
    )
    await expect(alone).rejects.toThrow('batch_two_people')
    await stage.base.console('superuser', `UPDATE "PayoutBatch" SET status = 'canceled' WHERE id = $1`, [batchId])
    await stage.base.console('superuser', `UPDATE "Payout" SET status = 'canceled', "batchId" = NULL WHERE id = $1`, [
      payoutId,
    ])
    expect(await fine()).toEqual([])
  })
})

test('23: a transfer for which the balance is too small has failed with its reason, and the next attempt has the next key', async () => {
  const { payoutId } = await earned(stage)
  await approved(stage)
  await forget(stage, 'payout.transfer')
  await stage.at.control('/_sim/faults', { kind: 'refuse', code: 'balance_insufficient', path: '/v1/transfers' })
  expect(await transfer(payoutId)).toBe('refused')
  expect(await stage.row('Payout', payoutId)).toMatchObject({ status: 'failed', failureCode: 'balance_insufficient' })
  await does(stage.db, stage.harbour, (work) => retryPayout(work, payoutId), { role: 'finance', now: LATER })
  expect(await transfer(payoutId)).toBe('done')
  expect(await attempts(payoutId)).toEqual([
    { attempt: 1, status: 'refused' },
    { attempt: 2, status: 'done' },
  ])
  expect(await fine()).toEqual([])
})

test('25: a refund after the transfer goes to the learner also when the instructor’s account is empty; the debt is netted once', async () => {
  const { at, db, harbour } = stage
  const { paymentId, payoutId } = await paidOut(stage)
  await rest()
  // the bank of the instructor has it all
  await at.control('/_sim/settle')
  await at.control('/_sim/payout', { account })
  const { id: refundId } = await refund(paymentId, 8_500)
  expect(await submitRefundAtStripe(worker(), refundId)).toBe('done')
  const [reversal] = await harbour.run('SELECT * FROM "TransferReversal" WHERE "refundId" = $1', [refundId])
  expect(await reversePayoutAtStripe(worker(), reversal!.id)).toBe('refused')
  expect(await stage.row('Payout', payoutId)).toMatchObject({ status: 'paid', reversedCents: 0 })
  expect(await stage.row('Payment', paymentId)).toMatchObject({ status: 'refunded' })
  // the next lesson pays the debt, to the cent, and the one after it is paid whole
  await earned(stage)
  await earned(stage)
  const netted = await does(db, harbour, (work) => buildBatch(work, {}), { role: 'finance', now: LATER })
  expect(netted.chosen.map(({ nettedCents }) => nettedCents).toSorted((one, other) => one - other)).toEqual([0, 7_225])
  expect(netted.batch.totalCents).toBe(7_225)
  expect(await fine()).toEqual([])
})

describe('amounts that are none', () => {
  test('24: nothing is owed by nothing, and parts of cents do not exist', async () => {
    const adjust = (amountCents: number) =>
      does(
        stage.db,
        stage.harbour,
        (work) => adjustPayable(work, { instructorId: stage.harbour.instructorId, amountCents, reason: 'Fuel' }),
        { role: 'finance' },
      )
    expect(await refusal(adjust(0))).toContain('must not be zero')
    expect(await refusal(adjust(10.5))).toContain('whole number of cents')
    const { paymentId } = await stage.paid()
    expect(await refusal(refund(paymentId, 10.5))).toContain('whole number of cents')
    expect(await fine()).toEqual([])
  })

  test('a body that is no JSON, or no form, moves nothing and is told in a sentence', async () => {
    const { harbour, base } = stage
    await base.transaction({}, async (run) => {
      await run('SET LOCAL ROLE driveflow_auth')
      await run('UPDATE "User" SET password = $1', [TEST_PASSWORD_HASH])
    })
    const finance: Browser = await server.signIn(`finance@${harbour.slug}.example.test`)
    const { paymentId } = await stage.paid()
    const path = recordAction('Payment', paymentId, 'refund')
    const refunds = () => harbour.run('SELECT id FROM "Refund" WHERE "paymentId" = $1', [paymentId])
    for (const body of ['{"input": {"amountCents": 85', 'amount=85', '[]', '"all of it"', '']) {
      const headers = { 'content-type': 'application/json', accept: 'application/json' }
      const answer = await finance(path, { method: 'POST', headers, body })
      const said = await answer.text()
      expect([body, answer.status < 500]).toEqual([body, true])
      expect(said).toMatch(/[a-z]{3,} [a-z]{2,} [a-z]+/i)
      expect(said).not.toMatch(/SyntaxError|at Object|node_modules/)
    }
    expect(await refunds()).toEqual([])
    expect(await fine()).toEqual([])
  })
})
