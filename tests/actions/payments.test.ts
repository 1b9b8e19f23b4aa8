import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Desk, confirmed, openDesk, preview, recordAction } from '../support/actions.ts'
import { openStripe, type TestStripe } from '../support/stripe.ts'

let desk: Desk
let at: TestStripe

beforeAll(async () => {
  desk = await openDesk()
  at = await openStripe({ retries: 0 })
})
beforeEach(() => at.control('/_sim/reset'))
afterAll(async () => {
  await desk.close()
  await at.close()
})

const held = async () => {
  const holdExpiresAt = new Date(Date.now() + 1_800_000)
  return (await desk.harbour.booking({ status: 'pending_payment', holdExpiresAt })).id
}
const jobs = async (name: string): Promise<number> => {
  const [row] = await desk.test.console('superuser', 'SELECT count(*)::int AS n FROM pgboss.job WHERE name = $1', [
    name,
  ])
  return Number(row!.n)
}

describe('a manager', () => {
  test('asks for a card payment: the amount is shown first, the worker tells Stripe, and the page is on the payment', async () => {
    const manager = await desk.as('manager')
    const path = recordAction('Booking', await held(), 'request-payment')
    const shown = await preview(manager, path)
    expect(shown.preview.money).toContainEqual({ label: 'Payment: amount', amount: '+A$85.00' })
    // what was only tried is not there, and nothing was asked of Stripe
    expect(await desk.harbour.run('SELECT id FROM "Payment"')).toEqual([])
    expect(await jobs('payment.open')).toBe(0)

    const done = await confirmed(manager, path)
    expect(done).toMatchObject({ state: 'done', open: { model: 'Payment' } })
    expect(await jobs('payment.open')).toBe(1)
    const [payment] = await desk.harbour.run('SELECT * FROM "Payment" WHERE id = $1', [done.open!.id])
    expect(payment).toMatchObject({ status: 'intent_created', amountCents: 8500, stripePaymentIntentId: null })
    const page = await manager(`/admin/api/resources/Payment/records/${done.open!.id}/show`, {
      headers: { accept: 'application/json' },
    })
    expect(await page.text()).toContain(`/pay/${String(payment!.payToken)}`)
  })

  test('is told when the lesson is being paid already, and can call that off', async () => {
    const manager = await desk.as('manager')
    const bookingId = await held()
    await confirmed(manager, recordAction('Booking', bookingId, 'request-payment'))
    const again = await confirmed(manager, recordAction('Booking', bookingId, 'record-payment'), { method: 'cash' })
    expect(again.state).not.toBe('done')
    expect(again.message).toContain('under way')
    const [payment] = await desk.harbour.run('SELECT id FROM "Payment" WHERE "bookingId" = $1', [bookingId])
    const off = await confirmed(manager, recordAction('Payment', payment!.id, 'cancel'))
    expect(off.state).toBe('done')
    expect(await jobs('payment.close')).toBe(1)
  })

  test('records cash, and the lesson is confirmed with it', async () => {
    const manager = await desk.as('manager')
    const bookingId = await held()
    const path = recordAction('Booking', bookingId, 'record-payment')
    const done = await confirmed(manager, path, { method: 'cash' })
    expect(done).toMatchObject({ state: 'done', message: 'A$85.00 is recorded as received.' })
    const [booking] = await desk.harbour.run('SELECT status::text FROM "Booking" WHERE id = $1', [bookingId])
    expect(booking!.status).toBe('confirmed')
    const again = await confirmed(manager, path, { method: 'cash' })
    expect(again.message).toContain('paid already')
  })
})

test('finance and compliance take no payments', async () => {
  const path = recordAction('Booking', await held(), 'record-payment')
  for (const role of ['finance', 'compliance'] as const) {
    const answer = await confirmed(await desk.as(role), path, { method: 'cash' })
    expect(answer.state).not.toBe('done')
  }
  expect(await desk.harbour.run(`SELECT id FROM "Payment" WHERE method = 'cash' AND status <> 'succeeded'`)).toEqual([])
})

test('the key of the pay page is in no audit row, and finance does not see it', async () => {
  const [payment] = await desk.harbour.run('SELECT id, "payToken" FROM "Payment" WHERE "payToken" IS NOT NULL LIMIT 1')
  const [audit] = await desk.harbour.run('SELECT count(*)::int AS n FROM "AuditLog" a WHERE a::text LIKE $1', [
    `%${String(payment!.payToken)}%`,
  ])
  expect(audit!.n).toBe(0)
  const finance = await desk.as('finance')
  const page = await finance(`/admin/api/resources/Payment/records/${payment!.id}/show`, {
    headers: { accept: 'application/json' },
  })
  expect(await page.text()).not.toContain(String(payment!.payToken))
})

test('an event is replayed by who may, once it is not waiting', async () => {
  const { orgId } = desk.harbour
  const [event] = await desk.test.console(
    'superuser',
    `INSERT INTO "WebhookEvent" ("orgId", provider, "eventType", "eventId", payload, status, "lastError", "receivedAt")
     VALUES ($1, 'stripe', 'payment_intent.succeeded', 'evt_failed', '{}', 'failed', 'Stripe was away', now()) RETURNING id`,
    [orgId],
  )
  const path = `/admin/api/resources/WebhookEvent/bulk/replay?recordIds=${event!.id}`
  expect((await confirmed(await desk.as('finance'), path)).state).not.toBe('done')
  const owner = await desk.as('owner')
  expect((await confirmed(owner, path)).state).toBe('done')
  expect(await jobs('webhook.process')).toBe(1)
  const [row] = await desk.harbour.run('SELECT status::text, "lastError" FROM "WebhookEvent" WHERE id = $1', [
    event!.id,
  ])
  expect(row).toEqual({ status: 'received', lastError: null })
  const again = await confirmed(owner, path)
  expect(again.state).not.toBe('done')
})

test('what Stripe has not answered for a day is asked again once finance has looked there, and not before', async () => {
  const { harbour } = desk
  const manager = await desk.as('manager')
  const { open } = await confirmed(manager, recordAction('Booking', await held(), 'request-payment'))
  const before = await jobs('payment.open')
  const [call] = await harbour.run(
    `INSERT INTO "StripeCall" ("orgId", operation, "refType", "refId", attempt, "idempotencyKey", status, "firstTriedAt")
     VALUES ($1, 'payment.open', 'Payment', $2, 1, $3, 'unknown', now() - interval '1 hour') RETURNING id`,
    [harbour.orgId, open!.id, `df:${harbour.orgId}:payment.open:${open!.id}:a1`],
  )
  const finance = await desk.as('finance')
  const path = recordAction('StripeCall', call!.id, 'ask-again')
  expect((await confirmed(finance, path)).message).toContain('still asked about it, by itself, for a day')
  expect(await jobs('payment.open')).toBe(before)
  await harbour.run(`UPDATE "StripeCall" SET "firstTriedAt" = now() - interval '21 hours' WHERE id = $1`, [call!.id])
  expect((await confirmed(finance, path)).state).toBe('done')
  expect(await jobs('payment.open')).toBe(before + 1)
  const [now] = await harbour.run('SELECT status::text FROM "StripeCall" WHERE id = $1', [call!.id])
  expect(now).toEqual({ status: 'refused' })
})
