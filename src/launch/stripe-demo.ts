import type { Stripe } from 'stripe'
import type { Context } from '../core/context.ts'
import type { Database } from '../core/db.ts'
import { nobodyOf } from '../core/outbox/actor.ts'
import { setOnboarded } from '../services/stripe-simulator/accounts.ts'
import { adoptDispute, dateLines } from './stripe-demo-disputes.ts'
import type { Simulator } from '../services/stripe-simulator/server.ts'

/** The card that leaves a payment in this state. */
const CARDS: Readonly<Record<string, string>> = {
  requires_action: 'pm_card_threeDSecureRequired',
  processing: 'pm_au_becs_debit',
  failed: 'pm_card_chargeDeclined',
  succeeded: 'pm_card_bypassPending',
  partially_refunded: 'pm_card_bypassPending',
  refunded: 'pm_card_bypassPending',
}

/** What is older is looked at, but nobody does anything with it. */
const ADOPTED_DAYS = 35
const DAY_MS = 86_400_000

/**
 * Lets the simulator know what the demo's story says was at Stripe, under the same ids, so that it can be refunded,
 * transferred and disputed there. Nobody is told of it: it happened long ago.
 */
export async function adoptDemo(db: Database, stripe: Stripe, simulator: Simulator): Promise<number> {
  const { state, webhooks } = simulator
  if (state.all('payment_intent').length > 0) return 0
  webhooks.delivery.hold = true
  const { rows } = await db.workerQuery('SELECT id FROM "Org"')
  let adopted = 0
  for (const { id } of rows as { id: string }[]) adopted += await adoptSchool(nobodyOf(db, id), stripe, simulator)
  webhooks.clear()
  state.forgetHistory()
  return adopted
}

async function adoptSchool(ctx: Context, stripe: Stripe, simulator: Simulator): Promise<number> {
  await adoptAccounts(ctx, stripe, simulator)
  const payments = await ctx.db.read(ctx, (client) =>
    client.payment.findMany({
      where: {
        orgId: ctx.orgId,
        method: 'card',
        stripePaymentIntentId: { not: null },
        OR: [
          { createdAt: { gt: new Date(Date.now() - ADOPTED_DAYS * DAY_MS) } },
          // an instructor waits for it still, however old it is
          { payouts: { some: { status: { in: ['pending', 'held', 'batched', 'failed'] } } } },
          { disputes: { some: {} } },
        ],
      },
      include: {
        disputes: true,
        refunds: { where: { stripeRefundId: { not: null }, method: 'original' } },
        payouts: { where: { stripeTransferId: { not: null } }, include: { instructor: true, transferReversals: true } },
      },
      orderBy: { createdAt: 'asc' },
    }),
  )
  for (const payment of payments) {
    await adoptPayment(stripe, simulator, payment)
    for (const refund of payment.refunds.filter(({ status }) => status === 'succeeded')) {
      simulator.state.expect('refund', refund.stripeRefundId!)
      await stripe.refunds.create({ payment_intent: payment.stripePaymentIntentId!, amount: refund.amountCents })
    }
    for (const payout of payment.payouts) await adoptTransfer(stripe, simulator, { payment, payout })
    for (const dispute of payment.disputes) adoptDispute(simulator, payment.stripeChargeId!, dispute)
  }
  dateLines(simulator, payments)
  return payments.length
}

async function adoptAccounts(ctx: Context, stripe: Stripe, { state, call }: Simulator): Promise<void> {
  const instructors = await ctx.db.read(ctx, (client) =>
    client.instructor.findMany({ where: { orgId: ctx.orgId, stripeAccountId: { not: null } } }),
  )
  for (const { stripeAccountId, stripeOnboardingStatus } of instructors) {
    state.expect('account', stripeAccountId!)
    await stripe.accounts.create({ country: 'AU', type: 'express' })
    if (stripeOnboardingStatus === 'complete') setOnboarded(call(), stripeAccountId!, true)
  }
}

interface Paid {
  readonly id: string
  readonly bookingId: string | null
  readonly orgId: string
  readonly amountCents: number
  readonly currency: string
  readonly status: string
  readonly stripePaymentIntentId: string | null
  readonly stripeChargeId: string | null
}

async function adoptPayment(stripe: Stripe, { state }: Simulator, payment: Paid): Promise<void> {
  state.expect('payment_intent', payment.stripePaymentIntentId!)
  const { id } = await stripe.paymentIntents.create({
    amount: payment.amountCents,
    currency: payment.currency.toLowerCase(),
    automatic_payment_methods: { enabled: true },
    transfer_group: `booking_${payment.bookingId}`,
    metadata: { paymentId: payment.id, bookingId: payment.bookingId ?? '', orgId: payment.orgId },
  })
  if (payment.status === 'canceled') await stripe.paymentIntents.cancel(id)
  const card = CARDS[payment.status]
  if (!card) return
  if (payment.stripeChargeId) state.expect('charge', payment.stripeChargeId)
  // a declined card is an error of the SDK
  await stripe.paymentIntents.confirm(id, { payment_method: card }).catch(() => {})
}

interface PaidOut {
  readonly amountCents: number
  readonly currency: string
  readonly stripeTransferId: string | null
  readonly instructor: { readonly stripeAccountId: string | null }
  readonly transferReversals: readonly { readonly amountCents: number; readonly stripeReversalId: string | null }[]
}

async function adoptTransfer(
  stripe: Stripe,
  { state }: Simulator,
  { payment, payout }: { payment: Paid; payout: PaidOut },
): Promise<void> {
  if (!payout.instructor.stripeAccountId || !payment.stripeChargeId) return
  state.expect('transfer', payout.stripeTransferId!)
  const { id } = await stripe.transfers.create({
    amount: payout.amountCents,
    currency: payout.currency.toLowerCase(),
    destination: payout.instructor.stripeAccountId,
    source_transaction: payment.stripeChargeId,
  })
  for (const { amountCents, stripeReversalId } of payout.transferReversals) {
    if (!stripeReversalId) continue
    state.expect('transfer_reversal', stripeReversalId)
    await stripe.transfers.createReversal(id, { amount: amountCents })
  }
}
