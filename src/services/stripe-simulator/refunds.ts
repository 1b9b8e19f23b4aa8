import type Stripe from 'stripe'
import { fundsOf, move } from './balance.ts'
import type { Call, Handler } from './call.ts'
import { chargeOf } from './charges.ts'
import { page } from './lists.ts'
import { impossible, missing, wrongParameter } from './problem.ts'

const create: Handler = (call) => {
  call.form.only('payment_intent', 'charge', 'amount', 'reason', 'metadata', 'currency', 'reverse_transfer')
  if (call.form.flag('reverse_transfer'))
    throw impossible('invalid_request', 'reverse_transfer can only be used with a charge that has a destination.')
  return refund(call, refundedCharge(call), call.form.amount())
}

function refundedCharge({ state, form }: Call): Stripe.Charge {
  const named = form.text('charge')
  if (named) return chargeOf(state, named)
  const intentId = form.text('payment_intent')
  if (!intentId) throw wrongParameter('payment_intent', 'Give a charge or a payment_intent.', 'parameter_missing')
  const intent = state.find('payment_intent', intentId)
  if (!intent) throw missing('payment_intent', intentId, 'payment_intent')
  if (intent.status !== 'succeeded' || typeof intent.latest_charge !== 'string')
    throw impossible(
      'payment_intent_unexpected_state',
      'This PaymentIntent does not have a successful charge to refund.',
    )
  return chargeOf(state, intent.latest_charge)
}

/** Money goes back, by the API or by somebody at the dashboard. @param amount cents; the whole rest when nothing is said */
export function refund(call: Call, charge: Stripe.Charge, amount?: number): Stripe.Refund {
  const { state, form } = call
  const rest = charge.amount - charge.amount_refunded
  if (rest === 0) throw impossible('charge_already_refunded', `Charge ${charge.id} has already been refunded.`)
  if (charge.disputed) throw impossible('charge_disputed', `Charge ${charge.id} has been charged back.`)
  const wanted = amount ?? rest
  if (wanted > rest)
    throw impossible(
      'amount_too_large',
      `Refund amount (${wanted}) is greater than unrefunded amount on charge (${rest}).`,
      'amount',
    )
  const { available, pending } = fundsOf(state, charge.currency)
  const enough = available + pending >= wanted
  const id = state.newId('refund')
  const made = state.put('refund', {
    ...newRefund(call, charge, { id, amount: wanted }),
    ...(enough ? {} : { status: 'pending', pending_reason: 'insufficient_funds' as const }),
    balance_transaction: enough ? payBack(call, charge, { id, amount: wanted }) : null,
    reason: form.text('reason') ?? null,
    metadata: form.metadata(),
  })
  const amountRefunded = charge.amount_refunded + wanted
  const left = state.put('charge', {
    ...charge,
    amount_refunded: amountRefunded,
    refunded: amountRefunded === charge.amount,
  })
  call.emit('refund.created', made)
  call.emit('charge.refunded', left)
  return made
}

const payBack = ({ state }: Call, charge: Stripe.Charge, { id, amount }: { id: string; amount: number }): string =>
  move(state, { type: 'refund', amount: -amount, currency: charge.currency, source: id }).id

function newRefund({ state }: Call, charge: Stripe.Charge, sum: { id: string; amount: number }): Stripe.Refund {
  return {
    ...sum,
    object: 'refund',
    balance_transaction: null,
    charge: charge.id,
    created: state.now(),
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  }
}

/** What there was not enough money for is paid as far as there is now. */
export function payPendingRefunds(call: Call): void {
  const { state } = call
  for (const waiting of state.all('refund').toReversed()) {
    const { available, pending } = fundsOf(state, waiting.currency)
    if (waiting.status !== 'pending' || available + pending < waiting.amount) continue
    const charge = chargeOf(state, String(waiting.charge))
    const { pending_reason: _, ...rest } = waiting
    const paid = state.put('refund', {
      ...rest,
      status: 'succeeded',
      balance_transaction: payBack(call, charge, waiting),
    })
    call.emit('refund.updated', paid, { previous: { status: 'pending' } })
  }
}

/** The learner's bank sends it back, perhaps weeks later. */
export function failRefund(call: Call, id: string, reason = 'lost_or_stolen_card'): Stripe.Refund {
  const { state } = call
  const made = refundOf(call, id)
  if (made.status === 'failed' || made.status === 'canceled')
    throw impossible('refund_unexpected_state', `Refund ${id} is ${made.status}.`)
  const charge = chargeOf(state, String(made.charge))
  const line = made.balance_transaction
    ? move(state, { type: 'refund_failure', amount: made.amount, currency: made.currency, source: made.id })
    : null
  const failed = state.put('refund', {
    ...made,
    status: 'failed',
    failure_reason: reason,
    ...(line ? { failure_balance_transaction: line.id } : {}),
  })
  state.put('charge', { ...charge, amount_refunded: charge.amount_refunded - made.amount, refunded: false })
  call.emit('refund.updated', failed, { previous: { status: made.status } })
  call.emit('refund.failed', failed)
  return failed
}

const retrieve: Handler = (call) => refundOf(call, call.ids[0] ?? '')

const list: Handler = ({ state, form }) => {
  form.only('limit', 'starting_after', 'ending_before', 'created', 'charge', 'payment_intent')
  const [charge, intent] = [form.text('charge'), form.text('payment_intent')]
  const wanted = state
    .all('refund')
    .filter((one) => (!charge || one.charge === charge) && (!intent || one.payment_intent === intent))
  return page(form, wanted, '/v1/refunds')
}

const cancel: Handler = (call) => {
  const made = refundOf(call, call.ids[0] ?? '')
  if (made.status !== 'requires_action')
    throw impossible('refund_unexpected_state', `You cannot cancel a refund that is ${made.status}.`)
  return call.state.put('refund', { ...made, status: 'canceled' })
}

function refundOf({ state }: Call, id: string): Stripe.Refund {
  const made = state.find('refund', id)
  if (!made) throw missing('refund', id)
  return made
}

export const refundRoutes: readonly (readonly [string, string, Handler])[] = [
  ['POST', '/v1/refunds', create],
  ['GET', '/v1/refunds', list],
  ['GET', '/v1/refunds/:id', retrieve],
  ['POST', '/v1/refunds/:id/cancel', cancel],
]
