import type { Context } from '../core/context.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import type Stripe from 'stripe'
import { applyRefund } from '../domain/refunds/apply-refund.ts'
import { importRefund } from '../domain/refunds/import-refund.ts'
import { awaitedRefund } from '../domain/refunds/submitting.ts'
import { readPayment } from './open-payment.ts'
import { readRefund, refundFacts, refundsOf } from './refunds.ts'

/** What belongs into the same transaction. */
type Also = (work: UnitOfWork) => Promise<void>

/** Looks at Stripe where a refund of ours stands, and brings ours there. */
export async function refreshRefund(
  ctx: Context,
  { refundId, stripeId }: { refundId: string; stripeId: string },
  also: Also,
): Promise<void> {
  const facts = refundFacts(await readRefund(stripeId))
  await inTransaction(ctx, async (work) => {
    await applyRefund(work, refundId, facts)
    await also(work)
  })
}

/** Looks at one refund of a payment at Stripe, ours or made in the dashboard. */
export async function takeInRefund(
  ctx: Context,
  { paymentId, stripeId }: { paymentId: string; stripeId: string },
  also: Also,
): Promise<void> {
  const made = await readRefund(stripeId)
  await inTransaction(ctx, async (work) => {
    await takeIn(work, paymentId, made)
    await also(work)
  })
}

/** Looks at all refunds of a payment at Stripe; each counts by itself. */
export async function takeInRefunds(ctx: Context, paymentId: string, also: Also): Promise<void> {
  const { stripePaymentIntentId: intentId } = await readPayment(ctx, paymentId)
  const made = intentId ? await refundsOf(intentId) : []
  for (const one of made.toReversed()) await inTransaction(ctx, (work) => takeIn(work, paymentId, one))
  await inTransaction(ctx, also)
}

async function takeIn(work: UnitOfWork, paymentId: string, made: Stripe.Refund): Promise<void> {
  const facts = refundFacts(made)
  const ours = await awaitedRefund(work, { paymentId, stripeId: made.id, named: made.metadata?.refundId })
  if (ours) await applyRefund(work, ours, facts)
  else await importRefund(work, paymentId, facts)
}

/** It is Stripe that does what follows, whoever looked. */
const inTransaction = (ctx: Context, fn: Also): Promise<void> => {
  const by: Context = { ...ctx, userId: null, role: null, actorKind: 'webhook' }
  return ctx.db.transaction(by, (tx) => fn({ ...by, tx }))
}
