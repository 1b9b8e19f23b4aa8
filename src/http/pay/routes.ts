import express, { type Request, type Response } from 'express'
import { Stripe } from 'stripe'
import { type Context } from '../../core/context.ts'
import type { Database } from '../../core/db.ts'
import { isReceived, isUnderWay, type Payment } from '../../domain/payments/payment.ts'
import { cardNamed } from '../../services/stripe-simulator/cards.ts'
import { type StripeConnection, stripeConnection } from '../../services/stripe.ts'
import { NoAnswer } from '../../stripe/ask.ts'
import { openPaymentAtStripe } from '../../stripe/open-payment.ts'
import { refreshPayment } from '../../stripe/refresh-payment.ts'
import { Refusal } from '../errors.ts'
import { paymentPage, type Step } from './payment-page.ts'
import { type Bill, readBill } from './read-bill.ts'

const TOKEN = /^[\w-]{32}$/
const NO_SUCH_PAGE = 'There is no such payment. The link may be cut off: open it again from the message you got.'

/** `/pay/<token>`: whoever has the address can see what is to be paid and pay it, and do nothing else. */
export function payRoutes(db: Database, appUrl: string): express.Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  const form = express.urlencoded({ extended: false, limit: '4kb' })
  router.get('/pay/:token', async (req, res) => {
    const visit = await arrive(db, req, appUrl)
    await show(res, visit)
  })
  router.post('/pay/:token', form, async (req, res) => {
    const visit = await arrive(db, req, appUrl)
    await paySimulated(visit, String((req.body as Record<string, unknown>)?.card ?? ''))
    res.redirect(303, req.path)
  })
  return router
}

interface Visit {
  readonly ctx: Context
  readonly bill: Bill
  readonly connection: StripeConnection
  readonly address: string
}

async function arrive(db: Database, req: Request, appUrl: string): Promise<Visit> {
  const token = String(req.params.token)
  const connection = stripeConnection()
  if (!connection || !TOKEN.test(token)) throw new Refusal(404, NO_SUCH_PAGE)
  const { rows } = await db.authQuery('SELECT school, row_id FROM stripe_home($1, $2)', ['pay_token', token])
  const [home] = rows as { school: string | null; row_id: string }[]
  if (!home?.school) throw new Refusal(404, NO_SUCH_PAGE)
  const requestId = String(req.res?.locals.requestId)
  // who pays is nobody we know: it is the payment that acts
  const ctx: Context = {
    db,
    orgId: home.school,
    userId: null,
    role: null,
    actorKind: 'webhook',
    ip: req.ip ?? null,
    requestId,
  }
  const bill = await readBill(ctx, home.row_id)
  if (!bill) throw new Refusal(404, NO_SUCH_PAGE)
  return { ctx, bill, connection, address: `${appUrl}/pay/${token}` }
}

async function show(res: Response, visit: Visit): Promise<void> {
  const step = await stepOf(visit).catch((error: unknown) => {
    if (isTrouble(error)) return { kind: 'later' } as const
    throw error
  })
  res.send(paymentPage(res, { ...visit, step }))
}

/** Stripe is away or busy; the person tries again. */
const isTrouble = (error: unknown): boolean => error instanceof NoAnswer || error instanceof Stripe.errors.StripeError

async function stepOf({ ctx, bill, connection }: Visit): Promise<Step> {
  if (isUnderWay(bill.payment) && !bill.isCalledOff && !bill.payment.stripePaymentIntentId)
    await openPaymentAtStripe(ctx, bill.payment.id)
  const payment = isUnderWay(bill.payment) ? await refreshPayment(ctx, bill.payment.id) : bill.payment
  if (isReceived(payment)) return { kind: payment.status === 'succeeded' && !bill.isCalledOff ? 'paid' : 'over' }
  if (payment.status === 'processing') return { kind: 'processing' }
  if (!isUnderWay(payment) || bill.isCalledOff) return { kind: 'over' }
  if (!payment.stripePaymentIntentId) return { kind: 'later' }
  return await nextAtStripe(connection, payment)
}

async function nextAtStripe({ client }: StripeConnection, payment: Payment): Promise<Step> {
  const intent = await client.paymentIntents.retrieve(payment.stripePaymentIntentId!)
  const url = intent.next_action?.redirect_to_url?.url
  if (intent.status === 'requires_action' && url && /^https?:/.test(url)) return { kind: 'bank', url }
  const declined = payment.failureCode
    ? (intent.last_payment_error?.message ?? 'This card was declined. Try another one.')
    : null
  return { kind: 'card', clientSecret: intent.client_secret ?? '', declined }
}

async function paySimulated({ ctx, bill, connection, address }: Visit, card: string): Promise<void> {
  if (!connection.simulated) throw new Refusal(404, NO_SUCH_PAGE)
  if (!cardNamed(card)) throw new Refusal(400, 'Choose one of the cards.')
  const { stripePaymentIntentId: intentId, id } = bill.payment
  if (!intentId || !isUnderWay(bill.payment) || bill.isCalledOff) return
  try {
    await connection.client.paymentIntents.confirm(intentId, { payment_method: card, return_url: address })
  } catch (error) {
    // a declined card, or a second press: the page shows where the payment stands
    if (!(error instanceof Stripe.errors.StripeError)) throw error
  }
  await refreshPayment(ctx, id).catch((error: unknown) => {
    if (!isTrouble(error)) throw error
  })
}
