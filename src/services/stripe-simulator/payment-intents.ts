import { randomBytes } from 'node:crypto'
import type Stripe from 'stripe'
import type { Call, Handler } from './call.ts'
import { type Card, cardNamed } from './cards.ts'
import { chargeFor, failedCharge } from './charges.ts'
import { openDispute } from './disputes.ts'
import { page } from './lists.ts'
import { impossible, missing, StripeProblem, wrongParameter } from './problem.ts'

/** The least that can be charged, by currency; what is missing here is charged nowhere in the simulator. */
const LEAST: Readonly<Record<string, number>> = { aud: 50, nzd: 50, usd: 50, gbp: 30, eur: 50, jpy: 50 }
const MOST = 99_999_999

const CREATE =
  'amount currency automatic_payment_methods metadata transfer_group description confirm receipt_email ' +
  'statement_descriptor_suffix payment_method return_url capture_method'

const create: Handler = (call) => {
  const { state, form } = call
  form.only(...CREATE.split(' '))
  const currency = form.required('currency').toLowerCase()
  const amount = form.amount()
  if (amount === undefined) throw wrongParameter('amount', 'Missing required param: amount.', 'parameter_missing')
  const least = LEAST[currency]
  if (least === undefined) throw wrongParameter('currency', `Invalid currency: ${currency}.`)
  if (amount < least)
    throw wrongParameter('amount', `Amount must be at least ${least} in the smallest unit.`, 'amount_too_small')
  if (amount > MOST) throw wrongParameter('amount', 'Amount must be no more than 99999999.', 'amount_too_large')
  const intent = state.put('payment_intent', newIntent(call, { amount, currency }))
  call.emit('payment_intent.created', intent)
  return form.flag('confirm') ? confirmWith(call, intent) : intent
}

function newIntent({ state, form }: Call, sum: { amount: number; currency: string }): Stripe.PaymentIntent {
  const id = state.newId('payment_intent')
  return {
    id,
    object: 'payment_intent',
    ...sum,
    allowed_payment_method_types: null,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: { allow_redirects: 'always', enabled: true },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${randomBytes(12).toString('hex')}`,
    confirmation_method: 'automatic',
    created: state.now(),
    customer: null,
    customer_account: null,
    description: form.text('description') ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: form.metadata(),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card', 'au_becs_debit'],
    payment_record: null,
    processing: null,
    receipt_email: form.text('receipt_email') ?? null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: form.text('statement_descriptor_suffix') ?? null,
    status: 'requires_payment_method',
    transfer_group: form.text('transfer_group') ?? null,
  }
}

const confirm: Handler = (call) => {
  call.form.only('payment_method', 'return_url', 'receipt_email', 'client_secret')
  const intent = intentOf(call)
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status))
    throw unexpected(intent, 'confirm')
  return confirmWith(call, intent)
}

function confirmWith(call: Call, intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  const { form, state } = call
  const named = cardNamed(form.required('payment_method'))
  if (!named) throw missing('PaymentMethod', form.required('payment_method'), 'payment_method')
  const card = call.declines ? cardNamed('pm_card_chargeDeclined')! : named
  if (card.does === 'decline') throw decline(call, intent, card)
  if (card.does === 'authenticate') return authenticate(call, intent, card)
  if (card.does === 'pay') return succeed(call, intent, card)
  const processing = state.put('payment_intent', { ...intent, status: 'processing', payment_method: card.id })
  call.emit('payment_intent.processing', processing)
  return processing
}

/** The bank has said yes. */
export function succeed(call: Call, intent: Stripe.PaymentIntent, card: Card): Stripe.PaymentIntent {
  const charge = chargeFor(call.state, intent, card)
  const paid = call.state.put('payment_intent', {
    ...intent,
    status: 'succeeded',
    amount_received: intent.amount,
    latest_charge: charge.id,
    last_payment_error: null,
    next_action: null,
    payment_method: card.id,
  })
  call.emit('charge.succeeded', charge)
  call.emit('payment_intent.succeeded', paid)
  if (card.disputed) openDispute(call, charge, {})
  return paid
}

/** The bank has said no; the intent waits for another card. @returns what is answered to who confirmed */
export function decline(call: Call, intent: Stripe.PaymentIntent, card: Card): StripeProblem {
  const { code, reason, message } = card.decline ?? cardNamed('pm_card_chargeDeclined')!.decline!
  const charge = failedCharge(call.state, intent, card)
  const error = { type: 'card_error' as const, code, decline_code: reason, message, charge: charge.id }
  const waiting = call.state.put('payment_intent', {
    ...intent,
    status: 'requires_payment_method',
    latest_charge: charge.id,
    last_payment_error: error,
    next_action: null,
    payment_method: null,
  })
  call.emit('charge.failed', charge)
  call.emit('payment_intent.payment_failed', waiting)
  return new StripeProblem(402, { ...error, payment_intent: waiting })
}

function authenticate(call: Call, intent: Stripe.PaymentIntent, card: Card): Stripe.PaymentIntent {
  const url = `${call.origin}/_sim/authenticate/${intent.id}`
  const waiting = call.state.put('payment_intent', {
    ...intent,
    status: 'requires_action',
    payment_method: card.id,
    next_action: {
      type: 'redirect_to_url',
      redirect_to_url: { url, return_url: call.form.text('return_url') ?? null },
    },
  })
  call.emit('payment_intent.requires_action', waiting)
  return waiting
}

const cancel: Handler = (call) => {
  call.form.only('cancellation_reason')
  const intent = intentOf(call)
  if (['succeeded', 'canceled', 'processing'].includes(intent.status)) throw unexpected(intent, 'cancel')
  const canceled = call.state.put('payment_intent', {
    ...intent,
    status: 'canceled',
    canceled_at: call.state.now(),
    cancellation_reason: call.form.text('cancellation_reason') ?? null,
    next_action: null,
  })
  call.emit('payment_intent.canceled', canceled)
  return canceled
}

const retrieve: Handler = (call) => intentOf(call)

const list: Handler = ({ state, form }) => {
  form.only('limit', 'starting_after', 'ending_before', 'created', 'customer')
  return page(form, state.all('payment_intent'), '/v1/payment_intents')
}

export function intentOf({ state, ids: [id = ''] }: Pick<Call, 'state' | 'ids'>): Stripe.PaymentIntent {
  const intent = state.find('payment_intent', id)
  if (!intent) throw missing('payment_intent', id, 'intent')
  return intent
}

const unexpected = (intent: Stripe.PaymentIntent, verb: string): StripeProblem =>
  impossible(
    'payment_intent_unexpected_state',
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`,
  )

export const paymentIntentRoutes: readonly (readonly [string, string, Handler])[] = [
  ['POST', '/v1/payment_intents', create],
  ['GET', '/v1/payment_intents', list],
  ['GET', '/v1/payment_intents/:id', retrieve],
  ['POST', '/v1/payment_intents/:id/confirm', confirm],
  ['POST', '/v1/payment_intents/:id/cancel', cancel],
]
