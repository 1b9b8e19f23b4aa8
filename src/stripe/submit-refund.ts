import type { Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { applyRefund } from '../domain/refunds/apply-refund.ts'
import { refuseRefund } from '../domain/refunds/fail-refund.ts'
import type { Refund } from '../domain/refunds/refund.ts'
import { beginSubmitting, noteUnknown } from '../domain/refunds/submitting.ts'
import { stripe } from '../services/stripe.ts'
import { type Asked, askStripe, NoAnswer } from './ask.ts'
import { readPayment } from './open-payment.ts'
import { refundFacts, refundParams, refundsOf } from './refunds.ts'

/**
 * Has Stripe refund a card payment, once. While no answer has come the refund is `unknown` and its amount stays taken.
 * @throws NoAnswer when it should be tried again later
 */
export async function submitRefundAtStripe(ctx: Context, refundId: string): Promise<Asked> {
  const refund = await readOurs(ctx, refundId)
  const payment = await readPayment(ctx, refund.paymentId)
  const inTransaction = <T>(fn: (work: UnitOfWork) => Promise<T>) => ctx.db.transaction(ctx, (tx) => fn({ ...ctx, tx }))
  try {
    const asked = await askStripe(ctx, {
      operation: 'refund.submit',
      of: 'Refund',
      id: refundId,
      wanted: (work) => beginSubmitting(work, refundId),
      send: (idempotencyKey) => stripe().refunds.create(refundParams(refund, payment), { idempotencyKey }),
      find: async () => {
        const made = await refundsOf(payment.stripePaymentIntentId!)
        return made.find(({ metadata }) => metadata?.refundId === refundId) ?? null
      },
      record: async (work, made) => void (await applyRefund(work, refundId, refundFacts(made))),
      refused: (work, { code }) => refuseRefund(work, refundId, code),
    })
    if (asked === 'stuck') await inTransaction((work) => noteUnknown(work, refundId, { isStuck: true }))
    return asked
  } catch (error) {
    if (error instanceof NoAnswer) await inTransaction((work) => noteUnknown(work, refundId))
    throw error
  }
}

async function readOurs(ctx: Context, id: string): Promise<Refund> {
  const refund = await ctx.db.read(ctx, (client) => client.refund.findFirst({ where: { id, orgId: ctx.orgId } }))
  if (!refund) throw notFound('There is no such refund in your school.')
  return refund
}
