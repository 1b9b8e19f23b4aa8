import type Stripe from 'stripe'
import type { Context } from '../core/context.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { applyAccount, disconnectAccount } from '../domain/payments/apply-account.ts'
import { readAccount } from './accounts.ts'
import type { Home } from './find-home.ts'
import { refreshPayment } from './refresh-payment.ts'

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
  'account.updated': account,
  'capability.updated': account,
  'account.external_account.updated': account,
  'account.application.deauthorized': disconnected,
}
