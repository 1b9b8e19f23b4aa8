import type Stripe from 'stripe'
import type { Context } from '../core/context.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { applyAccount, disconnectAccount } from '../domain/payments/apply-account.ts'
import { readAccount } from './accounts.ts'
import type { Home } from './find-home.ts'
import { refreshBankPayout } from './refresh-bank-payout.ts'
import { refreshDispute } from './refresh-dispute.ts'
import { refreshPayment } from './refresh-payment.ts'
import { refreshRefund, takeInRefund, takeInRefunds } from './refresh-refunds.ts'
import { refreshTransfer } from './refresh-transfer.ts'

export interface ToHandle {
  readonly event: Stripe.Event
  readonly home: Home
  /** Marks the event as processed, in the transaction that does what it leads to. */
  readonly done: (work: UnitOfWork) => Promise<void>
}

/** What an event says is not believed: the object is read again, and ours is brought to where it is now. */
type EventHandler = (ctx: Context, toHandle: ToHandle) => Promise<void>

const payment: EventHandler = async (ctx, { home, done }) => {
  const id = home.rows.payment_intent ?? home.rows.charge
  if (!id) throw new Error('the event names no payment')
  await refreshPayment(ctx, id, done)
}

/** Ours, or one that somebody made in the dashboard. */
const refund: EventHandler = async (ctx, { event, home, done }) => {
  const { id } = event.data.object as Stripe.Refund
  const paymentId = home.rows.payment_intent ?? home.rows.charge
  if (home.rows.refund) await refreshRefund(ctx, { refundId: home.rows.refund, stripeId: id }, done)
  else if (paymentId) await takeInRefund(ctx, { paymentId, stripeId: id }, done)
  else throw new Error('the event names no payment')
}

const refunds: EventHandler = async (ctx, { home, done }) => {
  const id = home.rows.charge ?? home.rows.payment_intent
  if (!id) throw new Error('the event names no payment')
  await takeInRefunds(ctx, id, done)
}

/** Ours, or one that nobody here has heard of yet. */
const dispute: EventHandler = async (ctx, { event, home, done }) => {
  const { id } = event.data.object as Stripe.Dispute
  const paymentId = home.rows.payment_intent ?? home.rows.charge
  if (!paymentId) throw new Error('the event names no payment')
  await refreshDispute(ctx, { stripeDisputeId: id, paymentId }, done)
}

const transfer: EventHandler = async (ctx, { event, home, done }) => {
  const { id } = event.data.object as Stripe.Transfer
  await refreshTransfer(ctx, { payoutId: home.rows.transfer, transferId: id }, done)
}

/** From an instructor's account to the bank; what the platform itself pays out is nobody's here. */
const bankPayout: EventHandler = async (ctx, { event, home, done }) => {
  const instructorId = home.rows.account
  if (!instructorId || !event.account) throw new Error('the event names no account')
  const { id } = event.data.object as Stripe.Payout
  await refreshBankPayout(ctx, { instructorId, account: event.account, payout: id }, done)
}

const account: EventHandler = async (ctx, { event, home, done }) => {
  const id = home.rows.account
  if (!id || !event.account) throw new Error('the event names no account')
  const facts = await readAccount(event.account)
  await ctx.db.transaction(ctx, async (tx) => {
    const work = { ...ctx, tx }
    await applyAccount(work, id, facts)
    await done(work)
  })
}

const disconnected: EventHandler = async (ctx, { home, done }) => {
  await ctx.db.transaction(ctx, async (tx) => {
    const work = { ...ctx, tx }
    await disconnectAccount(work, home.rows.account!)
    await done(work)
  })
}

/** By the type of the event; what is not here is stored and ignored, and can be replayed once it is. */
export const eventHandlers: Readonly<Record<string, EventHandler>> = {
  'payment_intent.succeeded': payment,
  'payment_intent.payment_failed': payment,
  'payment_intent.processing': payment,
  'payment_intent.requires_action': payment,
  'payment_intent.canceled': payment,
  'charge.succeeded': payment,
  'charge.updated': payment,
  'refund.created': refund,
  'refund.updated': refund,
  'refund.failed': refund,
  'charge.refunded': refunds,
  'charge.dispute.created': dispute,
  'charge.dispute.updated': dispute,
  'charge.dispute.closed': dispute,
  'charge.dispute.funds_withdrawn': dispute,
  'charge.dispute.funds_reinstated': dispute,
  'transfer.created': transfer,
  'transfer.updated': transfer,
  'transfer.reversed': transfer,
  'payout.created': bankPayout,
  'payout.updated': bankPayout,
  'payout.paid': bankPayout,
  'payout.failed': bankPayout,
  'payout.canceled': bankPayout,
  'payout.reconciliation_completed': bankPayout,
  'account.updated': account,
  'capability.updated': account,
  'account.external_account.updated': account,
  'account.application.deauthorized': disconnected,
}
