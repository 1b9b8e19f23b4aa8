import type { PaymentStatus } from '@prisma/client'
import type Stripe from 'stripe'
import type { IntentFacts } from '../domain/payments/apply-intent.ts'
import type { Payment } from '../domain/payments/payment.ts'
import { stripe } from '../services/stripe.ts'

/** What an intent is asked for with; it says the same for a payment every time. */
export function intentOf(payment: Payment): Stripe.PaymentIntentCreateParams {
  return {
    amount: payment.amountCents,
    currency: payment.currency.toLowerCase(),
    automatic_payment_methods: { enabled: true },
    // so that the charge says at once what Stripe keeps of it
    capture_method: 'automatic',
    transfer_group: groupOf(payment),
    metadata: { paymentId: payment.id, bookingId: payment.bookingId ?? '', orgId: payment.orgId },
  }
}

/** Everything that is paid and passed on for one lesson has this in common at Stripe. */
export const groupOf = ({ bookingId, id }: Pick<Payment, 'bookingId' | 'id'>): string =>
  bookingId ? `booking_${bookingId}` : `payment_${id}`

/** The intent as Stripe has it now. */
export async function readIntent(id: string): Promise<IntentFacts> {
  return factsOf(await stripe().paymentIntents.retrieve(id, { expand: ['latest_charge.balance_transaction'] }))
}

/** @param intent with its charge and the charge's line of the balance expanded, else the fee is not known yet */
export function factsOf(intent: Stripe.PaymentIntent): IntentFacts {
  const { latest_charge: charge, last_payment_error: error } = intent
  const line = typeof charge === 'object' ? charge?.balance_transaction : null
  return {
    id: intent.id,
    status: statusOf(intent.status),
    currency: intent.currency.toUpperCase(),
    receivedCents: intent.amount_received,
    chargeId: typeof charge === 'string' ? charge : (charge?.id ?? null),
    processorFeeCents: typeof line === 'object' && line !== null ? line.fee : null,
    failureCode: intent.status === 'succeeded' ? null : (error?.decline_code ?? error?.code ?? null),
  }
}

const STATUSES: Readonly<Record<string, PaymentStatus>> = {
  requires_payment_method: 'intent_created',
  requires_confirmation: 'intent_created',
  requires_action: 'requires_action',
  processing: 'processing',
  succeeded: 'succeeded',
  canceled: 'canceled',
}

/** Stripe may know states that we never ask for, like one that waits for a capture. */
function statusOf(status: string): PaymentStatus {
  const known = STATUSES[status]
  if (!known) throw new Error(`a payment intent is ${status}, which this program never asks for`)
  return known
}
