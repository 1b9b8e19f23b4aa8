import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { requestPayment } from '../../src/domain/payments/request-payment.ts'
import { connectStripe } from '../../src/services/stripe.ts'
import { does } from '../domain/scheduling.ts'
import { cloneDatabase, type Row, type School, school, type TestDatabase } from '../support/database.ts'
import { type Browser, startServer, type TestServer } from '../support/server.ts'
import { openStripe, type TestStripe } from '../support/stripe.ts'

let base: TestDatabase
let db: Database
let harbour: School
let server: TestServer
let at: TestStripe
let learner: Browser

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url)
  harbour = await school(base)
  at = await openStripe({ retries: 0 })
  const panel = { router: (_req: unknown, _res: unknown, next: () => void) => next() }
  server = await startServer({ db, panel })
  learner = server.visit()
})
beforeEach(() => at.control('/_sim/reset'))
afterAll(async () => {
  await server.close()
  await at.close()
  await db.close()
  await base.drop()
})

async function bill(): Promise<{ id: string; bookingId: string; path: string }> {
  const expires = new Date(Date.now() + 1_800_000)
  const booking = await harbour.booking({ status: 'pending_payment', holdExpiresAt: expires })
  const { id, payToken } = await does(db, harbour, (work) => requestPayment(work, booking.id))
  return { id, bookingId: booking.id, path: `/pay/${payToken}` }
}
const read = async (path: string): Promise<string> => await (await learner(path)).text()
const now = async (table: string, id: string): Promise<Row> =>
  (await harbour.run(`SELECT * FROM "${table}" WHERE id = $1`, [id]))[0]!

describe('the page on which a learner pays', () => {
  test('says what for, to whom and how much, and that it is simulated', async () => {
    const page = await read((await bill()).path)
    expect(page).toContain('Pay A$85.00')
    expect(page).toContain('One hour with Ines Okafor')
    expect(page).toContain(harbour.name)
    expect(page).toContain('Simulated.')
    // nobody else is named, and no card number is asked for
    expect(page).not.toContain('Kowalski')
    expect(page).not.toMatch(/type="(text|tel|number)"/)
  })

  test('takes a card, and the lesson is agreed', async () => {
    const { id, bookingId, path } = await bill()
    await read(path)
    const answer = await learner.post(path, { card: 'pm_card_visa' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringContaining(path)])
    expect(await read(path)).toContain('has arrived')
    expect(await now('Payment', id)).toMatchObject({ status: 'succeeded' })
    expect(await now('Booking', bookingId)).toMatchObject({ status: 'confirmed' })
  })

  test('pressed twice pays once', async () => {
    const { id, path } = await bill()
    await read(path)
    await Promise.all([learner.post(path, { card: 'pm_card_visa' }), learner.post(path, { card: 'pm_card_visa' })])
    expect(await now('Payment', id)).toMatchObject({ status: 'succeeded' })
    expect(at.simulator.state.all('charge')).toHaveLength(1)
  })

  test('lets another card be tried when one is declined', async () => {
    const { id, path } = await bill()
    await read(path)
    await learner.post(path, { card: 'pm_card_chargeDeclinedInsufficientFunds' })
    expect(await read(path)).toContain('Your card has insufficient funds.')
    expect(await now('Payment', id)).toMatchObject({ status: 'intent_created', failureCode: 'insufficient_funds' })
    await learner.post(path, { card: 'pm_card_visa' })
    expect(await read(path)).toContain('has arrived')
  })

  test('leads to the bank when the bank asks, and back', async () => {
    const { path } = await bill()
    await read(path)
    await learner.post(path, { card: 'pm_card_threeDSecureRequired' })
    const [, url] = /href="(http[^"]*authenticate[^"]*)"/.exec(await read(path))!
    const back = await fetch(`${url}?outcome=approved`, { method: 'POST', redirect: 'manual' })
    expect(back.headers.get('location')).toContain(path)
    expect(await read(path)).toContain('has arrived')
  })

  test('waits for a debit', async () => {
    const { path } = await bill()
    await read(path)
    await learner.post(path, { card: 'pm_au_becs_debit' })
    expect(await read(path)).toContain('Your bank is working on it')
  })

  test('is over when the lesson was called off', async () => {
    const { bookingId, path } = await bill()
    const off = { status: 'cancelled', cancelledAt: new Date(), cancellationReason: 'Ill' }
    await harbour.change('Booking', bookingId, off)
    expect(await read(path)).toContain('nothing to pay here any more')
    await learner.post(path, { card: 'pm_card_visa' })
    expect(at.simulator.state.all('charge')).toEqual([])
  })

  test('asks for patience while Stripe is away, and nothing is charged', async () => {
    const { path } = await bill()
    await at.control('/_sim/faults', { kind: 'server_error', times: 5 })
    expect(await read(path)).toContain('cannot be prepared right now')
  })

  test('is found by its whole key only', async () => {
    const { path } = await bill()
    for (const wrong of [`${path}x`, path.slice(0, -1), `/pay/${'A'.repeat(32)}`, '/pay/', `/pay/%27%20OR%201`])
      expect((await learner(wrong)).status).toBe(404)
    expect((await learner.post(path, { card: 'pm_nothing' })).status).toBe(400)
    const foreign = { 'sec-fetch-site': 'cross-site' }
    expect((await learner(path, { method: 'POST', headers: foreign })).status).toBe(403)
  })
})

test('with real keys the card goes from the browser to Stripe: nothing but Stripe is let in, and we have no form for it', async () => {
  const { path } = await bill()
  try {
    connectStripe({ ...at, simulated: false, publishableKey: 'pk_test_1' })
    const response = await learner(path)
    const page = await response.text()
    expect(page).toContain('https://js.stripe.com/')
    expect(page).not.toContain('Simulated')
    expect(page).not.toContain('<input')
    const policy = response.headers.get('content-security-policy')!
    expect(policy).toContain('frame-src https://js.stripe.com')
    expect(policy).not.toContain('unsafe-eval')
    // cards cannot be posted here
    expect((await learner.post(path, { card: 'pm_card_visa' })).status).toBe(404)
  } finally {
    connectStripe(at)
  }
})
