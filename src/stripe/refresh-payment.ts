import type { Context } from '../core/context.ts'
import { applyIntent } from '../domain/payments/apply-intent.ts'
import type { Payment } from '../domain/payments/payment.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { readIntent } from './intents.ts'
import { readPayment } from './open-payment.ts'

/**
 * Looks at Stripe where a payment stands, and brings ours there.
 * @param also what belongs into the same transaction
 */
export async function refreshPayment(
  ctx: Context,
  paymentId: string,
  also?: (work: UnitOfWork) => Promise<void>,
): Promise<Payment> {
  const payment = await readPayment(ctx, paymentId)
  if (!payment.stripePaymentIntentId) return payment
  const intent = await readIntent(payment.stripePaymentIntentId)
  // it is the payment that does what follows, whoever looked
  const by: Context = { ...ctx, userId: null, role: null, actorKind: 'webhook' }
  return await ctx.db.transaction(by, async (tx) => {
    const work = { ...by, tx }
    const changed = await applyIntent(work, paymentId, intent)
    await also?.(work)
    return changed
  })
}
