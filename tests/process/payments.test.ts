import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../src/core/context.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { enqueue } from '../../src/core/jobs.ts'
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts'
import { executeDue } from '../../src/domain/bookings/execute-due.ts'
import { requestPayment } from '../../src/domain/payments/request-payment.ts'
import { type Simulator, startSimulator } from '../../src/services/stripe-simulator/server.ts'
import { openPayment } from '../../src/stripe/errands.ts'
import { freePort } from '../../src/postgres/server.ts'
import { does } from '../domain/scheduling.ts'
import { cloneDatabase, type School, school, type TestDatabase } from '../support/database.ts'
import { builtAssets } from '../support/scratch.ts'
import { SECRETS } from '../support/stripe.ts'
import { cleanUp, endPrograms, Program, temporaryDirectory, untilTrue } from './program.ts'

// Web and worker as an operator starts them, the simulator in the place of Stripe: webhooks over HTTP, kill -9.

let base: TestDatabase
let db: Database
let harbour: School
let at: Simulator
let settings: Record<string, string>
let port: number

beforeAll(async () => {
  base = await cloneDatabase()
  db = await openDatabase(base.url)
  harbour = await school(base)
  port = await freePort(null)
  const url = `http://127.0.0.1:${port}/webhooks/stripe`
  at = await startSimulator({
    file: null,
    endpoints: {
      platform: { url, secret: SECRETS.platform },
      connect: { url: `${url}/connect`, secret: SECRETS.connect },
    },
  })
  const dataDir = temporaryDirectory()
  // the screens take long to build, and are not what this is about
  builtAssets(dataDir)
  settings = {
    DATABASE_URL: base.url,
    DATA_DIR: dataDir,
    SESSION_SECRET: 'kR8vZ2nQ5xW1yT7pL4mC9bJ6hG3fD0sA',
    PORT: String(port),
    STRIPE_SECRET_KEY: 'sk_test_simulated',
    STRIPE_WEBHOOK_SECRET: SECRETS.platform,
    STRIPE_CONNECT_WEBHOOK_SECRET: SECRETS.connect,
    STRIPE_API_BASE: at.url,
  }
}, 60_000)

afterAll(async () => {
  await endPrograms()
  await at.close()
  await cleanUp()
  await db.close()
  await base.drop()
})

async function startWorker(): Promise<Program> {
  const worker = Program.main('worker', settings)
  await worker.says(/The worker is running/)
  return worker
}

/** A held lesson that a manager asks to be paid by card. */
async function asked(): Promise<{ bookingId: string; paymentId: string; path: string }> {
  const expires = new Date(Date.now() + 1_800_000)
  const { id: bookingId } = await harbour.booking({ status: 'pending_payment', holdExpiresAt: expires })
  const { people, orgId } = harbour
  const who = { userId: people.manager, role: 'manager', actorKind: 'user' } as const
  const ctx: Context = { db, orgId, ...who, ip: null, requestId: 'request-pay' }
  const payment = await db.transaction(ctx, async (tx) => {
    const work = { ...ctx, tx }
    const made = await requestPayment(work, bookingId)
    await enqueue(work, openPayment, { paymentId: made.id })
    return made
  })
  return { bookingId, paymentId: payment.id, path: `/pay/${payment.payToken}` }
}

const intentOf = async (paymentId: string): Promise<string | null> =>
  (await harbour.run('SELECT "stripePaymentIntentId" AS id FROM "Payment" WHERE id = $1', [paymentId]))[0]!.id
const statusOf = async (table: 'Payment' | 'Booking', id: string): Promise<unknown> =>
  (await harbour.run(`SELECT status::text FROM "${table}" WHERE id = $1`, [id]))[0]!.status

test('a lesson is paid: asked for, opened at Stripe by the worker, paid on the page, confirmed by the webhook alone; called off, half goes back', async () => {
  const web = Program.main('web', settings)
  await web.says(/listens on/, 100_000)
  await startWorker()
  const { bookingId, paymentId } = await asked()
  await untilTrue(async () => (await intentOf(paymentId)) !== null, 'the worker to open the payment')
  const intent = await intentOf(paymentId)
  // somebody pays at Stripe itself: nobody tells us but the webhook
  const body = new URLSearchParams({ payment_method: 'pm_card_visa', return_url: 'http://x.test' })
  const headers = { authorization: 'Bearer sk_test_simulated' }
  await fetch(`${at.url}/v1/payment_intents/${intent}/confirm`, { method: 'POST', body, headers })
  await untilTrue(
    async () => (await statusOf('Booking', bookingId)) === 'confirmed',
    'the webhook to confirm the lesson',
  )
  expect(await statusOf('Payment', paymentId)).toBe('succeeded')
  await untilTrue(async () => {
    const rows = await harbour.run(`SELECT id FROM "WebhookEvent" WHERE status = 'processed'`)
    return rows.length >= 2
  }, 'the events to be processed')

  // the school calls it off: half of it goes back, by Stripe, in the books and to the learner
  const off = { cancelledAs: 'admin', reason: 'The car broke down', refundPercentage: 50 } as const
  await does(db, harbour, (work) => cancelBooking(work, bookingId, off))
  await untilTrue(async () => (await statusOf('Payment', paymentId)) === 'partially_refunded', 'the money to go back')
  expect(at.state.all('refund')).toMatchObject([{ amount: 4250, payment_intent: intent, status: 'succeeded' }])
  await untilTrue(async () => {
    const told = await harbour.run(`SELECT id FROM "Message" WHERE "templateKey" = 'refund_issued'`)
    return told.length > 0
  }, 'the learner to be told')
}, 120_000)

test('a worker that is killed between Stripe’s answer and ours leaves one intent, which the next one finds', async () => {
  await endPrograms()
  at.faults.add({ kind: 'timeout', path: '/v1/payment_intents' })
  const killed = await startWorker()
  const { paymentId } = await asked()
  const opened = () => at.state.all('payment_intent').filter(({ metadata }) => metadata.paymentId === paymentId)
  await untilTrue(() => opened().length === 1, 'Stripe to have done it')
  await killed.signal('SIGKILL')
  expect(await intentOf(paymentId)).toBeNull()
  at.faults.clear()
  await startWorker()
  await untilTrue(async () => (await intentOf(paymentId)) !== null, 'the next worker to find it', 60_000)
  expect(opened()).toHaveLength(1)
  expect(await intentOf(paymentId)).toBe(opened()[0]!.id)
}, 120_000)

test('when a hold has ended, the worker closes the page to pay', async () => {
  await endPrograms()
  await startWorker()
  const { bookingId, paymentId } = await asked()
  await untilTrue(async () => (await intentOf(paymentId)) !== null, 'the worker to open the payment')
  const clock: Context = {
    db,
    orgId: harbour.orgId,
    userId: null,
    role: null,
    actorKind: 'system',
    ip: null,
    requestId: 'clock',
    now: new Date(Date.now() + 1_900_000),
  }
  await harbour.add('ScheduledStateTransition', {
    bookingId,
    toStatus: 'cancelled',
    reason: 'hold_expired',
    executeAt: new Date(Date.now() + 1_800_000),
  })
  await executeDue(clock, clock.now!, 100)
  expect(await statusOf('Booking', bookingId)).toBe('cancelled')
  await untilTrue(async () => (await statusOf('Payment', paymentId)) === 'canceled', 'the worker to close it', 60_000)
  expect(at.state.find('payment_intent', (await intentOf(paymentId))!)?.status).toBe('canceled')
}, 120_000)
