import type Stripe from 'stripe'
import type { Payment } from '../domain/payments/payment.ts'
import type { RefundFacts } from '../domain/refunds/apply-refund.ts'
import type { Refund } from '../domain/refunds/refund.ts'
import { stripe } from '../services/stripe.ts'

/** What a refund is asked for with; it says the same for a refund every time. */
export const refundParams = (refund: Refund, { stripePaymentIntentId }: Payment): Stripe.RefundCreateParams => ({
  payment_intent: stripePaymentIntentId!,
  amount: refund.amountCents,
  metadata: { refundId: refund.id, paymentId: refund.paymentId, orgId: refund.orgId },
})

/** The refund as Stripe has it now. */
export const readRefund = (id: string): Promise<Stripe.Refund> => stripe().refunds.retrieve(id)

/** Every refund of a payment, by us and by others, the newest first. */
export async function refundsOf(intentId: string): Promise<Stripe.Refund[]> {
  const found: Stripe.Refund[] = []
  for await (const refund of stripe().refunds.list({ payment_intent: intentId, limit: 100 })) found.push(refund)
  return found
}

const STATUSES: readonly string[] = ['pending', 'requires_action', 'succeeded', 'failed', 'canceled']
const isStatus = (status: string | null): status is RefundFacts['status'] => STATUSES.includes(status ?? '')

export function refundFacts(refund: Stripe.Refund): RefundFacts {
  const { id, status, amount, currency } = refund
  if (!isStatus(status)) throw new Error(`a refund is ${status}, which this program does not know`)
  return {
    id,
    status,
    amountCents: amount,
    currency: currency.toUpperCase(),
    failureCode: refund.failure_reason ?? refund.pending_reason ?? null,
  }
}
