import type { Context } from '../core/context.ts'
import { dropUnopened } from '../domain/payments/attach-intent.ts'
import { applyIntent } from '../domain/payments/apply-intent.ts'
import { isUnderWay } from '../domain/payments/payment.ts'
import { stripe } from '../services/stripe.ts'
import { type Asked, askStripe, isBeingAsked, NoAnswer } from './ask.ts'
import { factsOf } from './intents.ts'
import { readPayment } from './open-payment.ts'
import { refreshPayment } from './refresh-payment.ts'

/**
 * Sees to it that a payment cannot be made any more. If it was made at the last moment it counts, and what follows from a
 * late payment happens.
 * @throws NoAnswer when it should be tried again later
 */
export async function closePaymentAtStripe(ctx: Context, paymentId: string): Promise<Asked> {
  const { stripePaymentIntentId: intentId, status } = await readPayment(ctx, paymentId)
  const question = { operation: 'payment.close', of: 'Payment', id: paymentId } as const
  if (!isUnderWay({ status }) && !(await isBeingAsked(ctx, question))) return 'unwanted'
  if (!intentId) return await closeUnopened(ctx, paymentId)
  const asked = await askStripe(ctx, {
    ...question,
    wanted: async () => true,
    send: (idempotencyKey) =>
      stripe().paymentIntents.cancel(intentId, { cancellation_reason: 'abandoned' }, { idempotencyKey }),
    find: async () => await stripe().paymentIntents.retrieve(intentId),
    record: async (work, intent) => void (await applyIntent(work, paymentId, factsOf(intent))),
  })
  // Stripe cancels nothing that is paid or on its way
  if (asked === 'refused') await refreshPayment(ctx, paymentId)
  return asked
}

async function closeUnopened(ctx: Context, paymentId: string): Promise<Asked> {
  const dropped = await ctx.db.transaction(ctx, (tx) => dropUnopened({ ...ctx, tx }, paymentId))
  if (!dropped) throw new NoAnswer('Stripe is being asked to open this payment; it is closed afterwards.')
  return 'done'
}
