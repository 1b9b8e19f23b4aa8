import { type Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import { enqueue } from '../core/jobs.ts'
import { attachIntent, failPayment, wantsIntent } from '../domain/payments/attach-intent.ts'
import type { Payment } from '../domain/payments/payment.ts'
import { stripe } from '../services/stripe.ts'
import { type Asked, askStripe } from './ask.ts'
import { closePayment } from './errands.ts'
import { intentOf } from './intents.ts'

/**
 * Gives a payment its intent at Stripe, once.
 * @throws NoAnswer when it should be tried again later
 */
export async function openPaymentAtStripe(ctx: Context, paymentId: string): Promise<Asked> {
  const payment = await readPayment(ctx, paymentId)
  return await askStripe(ctx, {
    operation: 'payment.open',
    of: 'Payment',
    id: paymentId,
    wanted: (work) => wantsIntent(work, paymentId),
    send: (idempotencyKey) => stripe().paymentIntents.create(intentOf(payment), { idempotencyKey }),
    find: () => findIntent(payment),
    record: async (work, { id }) => {
      if (await attachIntent(work, paymentId, id)) await enqueue(work, closePayment, { paymentId })
    },
    refused: (work, { code }) => failPayment(work, paymentId, code),
  })
}

export async function readPayment(ctx: Context, id: string): Promise<Payment> {
  const payment = await ctx.db.read(ctx, (client) => client.payment.findFirst({ where: { id, orgId: ctx.orgId } }))
  if (!payment) throw notFound('There is no such payment in your school.')
  return payment
}

/** Clocks differ: Stripe's may be behind ours. Seconds. */
const SLACK = 3_600

/** The intents of the days around, by what we told Stripe about them. */
async function findIntent(payment: Payment) {
  const since = Math.floor(payment.createdAt.getTime() / 1000) - SLACK
  for await (const intent of stripe().paymentIntents.list({ created: { gte: since }, limit: 100 }))
    if (intent.metadata.paymentId === payment.id) return intent
  return null
}
