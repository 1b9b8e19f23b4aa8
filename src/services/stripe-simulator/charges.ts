import type Stripe from 'stripe'
import { move, processingFee, settlesOn } from './balance.ts'
import type { Handler } from './call.ts'
import type { Card } from './cards.ts'
import { missing } from './problem.ts'
import type { State } from './state.ts'

/** The money of an intent arrives, less what Stripe keeps. */
export function chargeFor(state: State, intent: Stripe.PaymentIntent, card: Card): Stripe.Charge {
  const id = state.newId('charge')
  const line = move(state, {
    type: card.does === 'process' ? 'payment' : 'charge',
    amount: intent.amount,
    fee: processingFee(intent.amount),
    currency: intent.currency,
    source: id,
    ...(card.settled ? {} : { availableOn: settlesOn(state) }),
  })
  return state.put('charge', { ...attempt(state, intent, card), id, balance_transaction: line.id })
}

/** An attempt that brought nothing. */
export function failedCharge(state: State, intent: Stripe.PaymentIntent, card: Card): Stripe.Charge {
  return state.put('charge', {
    ...attempt(state, intent, card),
    paid: false,
    captured: false,
    amount_captured: 0,
    status: 'failed',
    failure_code: card.decline?.code ?? null,
    failure_message: card.decline?.message ?? null,
  })
}

function attempt(state: State, intent: Stripe.PaymentIntent, card: Card): Stripe.Charge {
  return {
    id: state.newId('charge'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email: intent.receipt_email, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: 'SIMULATED',
    captured: true,
    created: state.now(),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: true,
    payment_intent: intent.id,
    payment_method: card.id,
    payment_method_details: { type: card.does === 'process' ? 'au_becs_debit' : 'card' },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'succeeded',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  }
}

export function chargeOf(state: State, id: string, param = 'charge'): Stripe.Charge {
  const charge = state.find('charge', id)
  if (!charge) throw missing('charge', id, param)
  return charge
}

const retrieveCharge: Handler = ({ state, ids: [id = ''] }) => chargeOf(state, id, 'id')

export const chargeRoutes: readonly (readonly [string, string, Handler])[] = [
  ['GET', '/v1/charges/:id', retrieveCharge],
]
