import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Stripe } from 'stripe'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startSimulator, type Simulator } from '../../src/services/stripe-simulator/server.ts'
import { STRIPE_VERSION } from '../../src/services/stripe-version.ts'
import { untilTrue } from '../process/program.ts'

// The real SDK talks to it, as it talks to Stripe.

interface Posted {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const directory = mkdtempSync(join(tmpdir(), 'driveflow-stripe-'))
const file = join(directory, 'state.jsonl')
const SECRETS = { platform: 'whsec_platform', connect: 'whsec_connect' } as const
const posted: Posted[] = []
/** What the endpoint answers; it takes everything unless a test says otherwise. */
let answersWith = 200
const endpoint = createServer((request, response) => {
  let body = ''
  request.on('data', (part) => (body += part))
  request.on('end', () => {
    posted.push({ path: request.url!, headers: request.headers, body })
    response.writeHead(answersWith).end()
  })
})

let simulator: Simulator
let stripe: Stripe

beforeAll(async () => {
  endpoint.listen(0, '127.0.0.1')
  await once(endpoint, 'listening')
  await start()
})

afterEach(async () => {
  answersWith = 200
  await control('/_sim/reset', {})
  posted.length = 0
})

afterAll(async () => {
  await simulator.close()
  endpoint.close()
  rmSync(directory, { recursive: true, force: true })
})

async function start(): Promise<void> {
  const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`
  simulator = await startSimulator({
    file,
    endpoints: {
      platform: { url: `${url}/platform`, secret: SECRETS.platform },
      connect: { url: `${url}/connect`, secret: SECRETS.connect },
    },
  })
  stripe = client()
}

function client(options: Partial<Stripe.StripeConfig> = {}, key = 'sk_test_simulated'): Stripe {
  const { hostname, port } = new URL(simulator.url)
  const address = { host: hostname, port, protocol: 'http' as const }
  return new Stripe(key, { apiVersion: STRIPE_VERSION, ...address, telemetry: false, maxNetworkRetries: 0, ...options })
}

async function control<T = Record<string, unknown>>(path: string, wish: object): Promise<T> {
  const response = await fetch(simulator.url + path, { method: 'POST', body: JSON.stringify(wish) })
  return (await response.json()) as T
}

const LESSON = { amount: 8500, currency: 'aud', automatic_payment_methods: { enabled: true } }

const paid = (amount = 8500, card = 'pm_card_visa') =>
  stripe.paymentIntents.create({ ...LESSON, amount, confirm: true, payment_method: card, return_url: 'http://x.test' })

const chargeOf = (intent: Stripe.PaymentIntent) => String(intent.latest_charge)

async function onboarded(): Promise<Stripe.Account> {
  const account = await stripe.accounts.create({ country: 'AU', type: 'express' })
  await control('/_sim/account', { account: account.id })
  return account
}

const problem = async (answer: Promise<unknown>): Promise<Stripe.errors.StripeError> => {
  const error = await answer.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof Stripe.errors.StripeError)) throw error
  return error
}

const eventsPosted = () => posted.map(({ body }) => (JSON.parse(body) as Stripe.Event).type)

describe('a card payment', () => {
  test('is charged, less what Stripe keeps, and pending for two days', async () => {
    const intent = await paid()
    expect(intent.status).toBe('succeeded')
    const charge = await stripe.charges.retrieve(chargeOf(intent), { expand: ['balance_transaction'] })
    expect(charge.balance_transaction).toMatchObject({ amount: 8500, fee: 175, net: 8325, status: 'pending' })
    const { available, pending } = await stripe.balance.retrieve()
    expect([available[0]!.amount, pending[0]!.amount]).toEqual([0, 8325])
    await control('/_sim/settle', {})
    expect((await stripe.balance.retrieve()).available[0]!.amount).toBe(8325)
  })

  test('that is declined stays payable with another card', async () => {
    const intent = await stripe.paymentIntents.create(LESSON)
    const confirm = (payment_method: string) => stripe.paymentIntents.confirm(intent.id, { payment_method })
    const error = await problem(confirm('pm_card_chargeDeclinedInsufficientFunds'))
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError)
    expect(error).toMatchObject({ statusCode: 402, code: 'card_declined', decline_code: 'insufficient_funds' })
    const waiting = await stripe.paymentIntents.retrieve(intent.id)
    expect(waiting).toMatchObject({ status: 'requires_payment_method', last_payment_error: { code: 'card_declined' } })
    expect((await confirm('pm_card_visa')).status).toBe('succeeded')
  })

  test('whose bank asks is done at the bank, and comes back', async () => {
    const intent = await paid(8500, 'pm_card_threeDSecureRequired')
    expect(intent.status).toBe('requires_action')
    const url = intent.next_action!.redirect_to_url!.url!
    expect(await (await fetch(url)).text()).toContain('Simulated')
    const answer = await fetch(`${url}?outcome=approved`, { method: 'POST', redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, 'http://x.test'])
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded')
  })

  test('by bank debit takes its time', async () => {
    const intent = await paid(8500, 'pm_au_becs_debit')
    expect(intent.status).toBe('processing')
    expect((await problem(stripe.paymentIntents.cancel(intent.id))).code).toBe('payment_intent_unexpected_state')
    await control('/_sim/intent', { payment_intent: intent.id, outcome: 'paid' })
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded')
  })

  test('can be called off until it is paid, and not twice', async () => {
    const open = await stripe.paymentIntents.create(LESSON)
    expect((await stripe.paymentIntents.cancel(open.id)).status).toBe('canceled')
    expect((await problem(stripe.paymentIntents.cancel(open.id))).code).toBe('payment_intent_unexpected_state')
    expect((await problem(stripe.paymentIntents.cancel((await paid()).id))).code).toBe(
      'payment_intent_unexpected_state',
    )
  })

  test('says what is wrong with its parameters', async () => {
    const create = (more: object) => problem(stripe.paymentIntents.create({ ...LESSON, ...more }))
    expect((await create({ amount: 0 })).code).toBe('parameter_invalid_integer')
    expect((await create({ amount: 49 })).code).toBe('amount_too_small')
    expect((await create({ currency: 'xyz' })).param).toBe('currency')
    expect(await create({ payment_method_types: ['card'] })).toMatchObject({ code: 'parameter_unknown' })
    expect((await problem(stripe.paymentIntents.retrieve('pi_none'))).statusCode).toBe(404)
  })
})

describe('refunds', () => {
  test('may be several, and never more than is left', async () => {
    const intent = await paid()
    const refund = (amount: number) => stripe.refunds.create({ payment_intent: intent.id, amount })
    expect((await refund(3000)).status).toBe('succeeded')
    expect((await problem(refund(5501))).code).toBe('amount_too_large')
    await refund(5500)
    expect((await problem(refund(1))).code).toBe('charge_already_refunded')
    const listed = await stripe.refunds.list({ payment_intent: intent.id })
    expect(listed.data.map(({ amount }) => amount)).toEqual([5500, 3000])
    expect((await stripe.charges.retrieve(chargeOf(intent))).refunded).toBe(true)
  })

  test('that fail weeks later bring the money back, to be refunded again', async () => {
    const intent = await paid()
    await paid()
    const refund = await stripe.refunds.create({ payment_intent: intent.id })
    await control('/_sim/refund/fail', { refund: refund.id })
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('failed')
    expect((await stripe.refunds.create({ payment_intent: intent.id })).status).toBe('succeeded')
    const sum = (await stripe.balanceTransactions.list({ limit: 100 })).data.reduce((cents, { net }) => cents + net, 0)
    expect(sum).toBe(2 * 8325 - 8500)
  })

  test('for which there is not enough money wait until there is', async () => {
    const intent = await paid()
    const refund = await stripe.refunds.create({ payment_intent: intent.id })
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'insufficient_funds' })
    await paid()
    await control('/_sim/settle', {})
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded')
  })

  test('made at the dashboard are refunds like others', async () => {
    const intent = await paid()
    await control('/_sim/dashboard/refund', { payment_intent: intent.id, amount: 2000 })
    expect((await stripe.charges.retrieve(chargeOf(intent))).amount_refunded).toBe(2000)
  })

  test('do not reverse transfers by themselves', async () => {
    const intent = await paid()
    const error = await problem(stripe.refunds.create({ payment_intent: intent.id, reverse_transfer: true }))
    expect(error.statusCode).toBe(400)
  })
})

describe('transfers', () => {
  const transfer = (charge: string, destination: string, amount = 7225) =>
    stripe.transfers.create({ amount, currency: 'aud', destination, source_transaction: charge })

  test('pass on pending money of their charge, but no more than it brought', async () => {
    const [intent, account] = [await paid(), await onboarded()]
    await transfer(chargeOf(intent), account.id)
    const error = await problem(transfer(chargeOf(intent), account.id, 1276))
    expect(error.code).toBe('transfer_source_balance_insufficient')
  })

  test('without a charge need money that is available', async () => {
    const account = await onboarded()
    await paid()
    const plain = { amount: 1000, currency: 'aud', destination: account.id }
    expect((await problem(stripe.transfers.create(plain))).code).toBe('balance_insufficient')
    await control('/_sim/settle', {})
    expect((await stripe.transfers.create(plain)).destination).toBe(account.id)
  })

  test('go to nobody whose account is not complete, or is not complete any more', async () => {
    const [intent, account] = [await paid(), await stripe.accounts.create({ country: 'AU' })]
    expect((await problem(transfer(chargeOf(intent), account.id))).code).toBe('insufficient_capabilities_for_transfer')
    await control('/_sim/account', { account: account.id })
    await transfer(chargeOf(intent), account.id, 1000)
    await control('/_sim/account', { account: account.id, enabled: false })
    expect((await problem(transfer(chargeOf(intent), account.id, 1000))).code).toBe(
      'insufficient_capabilities_for_transfer',
    )
  })

  test('are reversed while the money is still there', async () => {
    const [intent, account] = [await paid(), await onboarded()]
    const made = await transfer(chargeOf(intent), account.id)
    await stripe.transfers.createReversal(made.id, { amount: 1000 })
    expect((await problem(stripe.transfers.createReversal(made.id, { amount: 6226 }))).code).toBe('amount_too_large')
    await control('/_sim/payout', { account: account.id })
    expect((await problem(stripe.transfers.createReversal(made.id, { amount: 1 }))).code).toBe('balance_insufficient')
    expect((await stripe.transfers.listReversals(made.id)).data.map(({ amount }) => amount)).toEqual([1000])
    const payouts = await stripe.payouts.list({}, { stripeAccount: account.id })
    expect(payouts.data.map(({ amount, status }) => [amount, status])).toEqual([[6225, 'paid']])
    await control('/_sim/payout/fail', { payout: payouts.data[0]!.id })
    expect((await stripe.payouts.retrieve(payouts.data[0]!.id, {}, { stripeAccount: account.id })).status).toBe(
      'failed',
    )
    await stripe.transfers.createReversal(made.id, { amount: 1 })
  })
})

test('an instructor gets onboarded on a page, and into the dashboard afterwards', async () => {
  const account = await stripe.accounts.create({ country: 'AU', email: 'ines@example.test' })
  expect((await problem(stripe.accounts.createLoginLink(account.id))).statusCode).toBe(400)
  const link = await stripe.accountLinks.create({
    account: account.id,
    type: 'account_onboarding',
    refresh_url: 'http://x.test/again',
    return_url: 'http://x.test/back',
  })
  await fetch(link.url, { method: 'POST', redirect: 'manual' })
  const complete = await stripe.accounts.retrieve(account.id)
  expect(complete).toMatchObject({ payouts_enabled: true, capabilities: { transfers: 'active' } })
  expect((await stripe.accounts.listCapabilities(account.id)).data[0]).toMatchObject({ status: 'active' })
  expect((await stripe.accounts.createLoginLink(account.id)).url).toContain(account.id)
})

test('a dispute takes the money until it is won', async () => {
  const intent = await paid()
  await control('/_sim/dispute', { payment_intent: intent.id, reason: 'product_not_received' })
  const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data
  expect(dispute).toMatchObject({ amount: 8500, reason: 'product_not_received', status: 'needs_response' })
  expect((await problem(stripe.refunds.create({ payment_intent: intent.id }))).code).toBe('charge_disputed')
  await stripe.disputes.update(dispute!.id, { evidence: { uncategorized_text: 'The trip' }, submit: true })
  expect((await stripe.disputes.retrieve(dispute!.id)).status).toBe('under_review')
  await control('/_sim/dispute/close', { dispute: dispute!.id, outcome: 'won' })
  const lines = (await stripe.balanceTransactions.list({ source: dispute!.id })).data
  expect(lines.map(({ net }) => net)).toEqual([8500, -11_000])
})

describe('the same key', () => {
  const keyed = (amount: number, idempotencyKey: string) =>
    stripe.paymentIntents.create({ ...LESSON, amount }, { idempotencyKey })

  test('is the same request, also after a restart, and never another', async () => {
    const first = await keyed(8500, 'k1')
    await simulator.close()
    await start()
    expect((await keyed(8500, 'k1')).id).toBe(first.id)
    const error = await problem(keyed(8600, 'k1'))
    expect(error).toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
    expect(error.statusCode).toBe(400)
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1)
  })

  test('is taken while its first request is under way', async () => {
    await control('/_sim/faults', { kind: 'delay', delayMs: 300 })
    const first = keyed(8500, 'k2')
    await untilTrue(async () => (await problem(keyed(8500, 'k2'))).statusCode === 409, 'the key to be taken', 250)
    expect((await keyed(8500, 'k2').catch(() => first)).id).toBe((await first).id)
  })

  test('remembers a fault of the server, but not parameters that were wrong', async () => {
    await control('/_sim/faults', { kind: 'server_error' })
    expect((await problem(keyed(8500, 'k3'))).statusCode).toBe(500)
    expect((await problem(keyed(8500, 'k3'))).statusCode).toBe(500)
    expect((await problem(keyed(1, 'k4'))).code).toBe('amount_too_small')
    expect((await keyed(8500, 'k4')).amount).toBe(8500)
  })
})

describe('what goes wrong on the way', () => {
  test('a lost answer is asked for again by the SDK itself, and done once', async () => {
    await control('/_sim/faults', { kind: 'lost_answer' })
    await stripe.paymentIntents.create(LESSON)
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1)
  })

  test('silence ends with a timeout, and it has happened all the same', async () => {
    await control('/_sim/faults', { kind: 'timeout' })
    const impatient = client({ timeout: 200 })
    const error = await problem(impatient.paymentIntents.create(LESSON, { idempotencyKey: 'quiet' }))
    expect(error).toBeInstanceOf(Stripe.errors.StripeConnectionError)
    const [done] = (await stripe.paymentIntents.list()).data
    expect((await stripe.paymentIntents.create(LESSON, { idempotencyKey: 'quiet' })).id).toBe(done!.id)
  })

  test('429 and 409 are not done, and not remembered', async () => {
    await control('/_sim/faults', { kind: 'rate_limit' })
    const create = () => stripe.paymentIntents.create(LESSON, { idempotencyKey: 'busy' })
    expect(await problem(create())).toBeInstanceOf(Stripe.errors.StripeRateLimitError)
    await control('/_sim/faults', { kind: 'conflict' })
    expect((await problem(create())).statusCode).toBe(409)
    expect((await create()).object).toBe('payment_intent')
  })

  test('a fault of the server may come after the deed', async () => {
    await control('/_sim/faults', { kind: 'server_error', after: true })
    expect((await problem(stripe.paymentIntents.create(LESSON))).statusCode).toBe(500)
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1)
  })

  test('a fault that nobody knows is refused with those that are known', async () => {
    expect(String((await control('/_sim/faults', { kind: 'earthquake' })).message)).toContain('lost_answer')
  })
})

describe('events', () => {
  test('are posted to the platform, signed, and can be read again', async () => {
    const intent = await paid()
    await untilTrue(() => eventsPosted().includes('payment_intent.succeeded'), 'the event')
    const one = posted.find(({ body }) => body.includes('"payment_intent.succeeded"'))!
    expect(one.path).toBe('/platform')
    const signature = String(one.headers['stripe-signature'])
    const event = stripe.webhooks.constructEvent(one.body, signature, SECRETS.platform)
    expect(event.data.object).toMatchObject({ id: intent.id, status: 'succeeded' })
    expect(() => stripe.webhooks.constructEvent(one.body, signature, SECRETS.connect)).toThrow('No signatures found')
    expect((await stripe.events.retrieve(event.id)).type).toBe('payment_intent.succeeded')
    const listed = await stripe.events.list({ types: ['payment_intent.succeeded'] })
    expect(listed.data.map(({ id }) => id)).toEqual([event.id])
  })

  test('of an instructor go to the other endpoint, with the account', async () => {
    const account = await onboarded()
    await untilTrue(() => posted.some(({ path }) => path === '/connect'), 'the event')
    const { body } = posted.find(({ path }) => path === '/connect')!
    expect(JSON.parse(body)).toMatchObject({ account: account.id, type: 'account.updated' })
  })

  test('can be kept back, and posted in reversed order, several times', async () => {
    await control('/_sim/webhooks', { hold: true })
    await paid()
    expect(await control('/_sim/webhooks/release', { reversed: true, copies: 2 })).toEqual({ posted: 3 })
    const types = ['payment_intent.succeeded', 'charge.succeeded', 'payment_intent.created']
    expect(eventsPosted()).toEqual(types.flatMap((type) => [type, type]))
  })

  test('that were not taken are posted again, also after a restart', async () => {
    answersWith = 500
    await stripe.paymentIntents.create(LESSON)
    await untilTrue(() => posted.length > 0, 'the first attempt')
    await simulator.close()
    answersWith = 200
    posted.length = 0
    await start()
    await untilTrue(() => eventsPosted().includes('payment_intent.created'), 'the event to come again')
  })
})

test('lists come in pages, the newest first', async () => {
  for (const amount of [1000, 2000, 3000]) await stripe.paymentIntents.create({ ...LESSON, amount })
  const amounts: number[] = []
  for await (const { amount } of stripe.paymentIntents.list({ limit: 2 })) amounts.push(amount)
  expect(amounts).toEqual([3000, 2000, 1000])
})

test('a live key, and none at all, are refused', async () => {
  for (const key of ['sk_live_real', 'anything'])
    expect((await problem(client({}, key).balance.retrieve())).statusCode).toBe(401)
})
