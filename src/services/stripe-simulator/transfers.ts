import type Stripe from 'stripe'
import { accountOf, canReceive } from './accounts.ts'
import { fundsOf, move } from './balance.ts'
import type { Call, Handler } from './call.ts'
import { chargeOf } from './charges.ts'
import { page } from './lists.ts'
import { impossible, missing, wrongParameter } from './problem.ts'

const create: Handler = (call) => {
  const { state, form } = call
  form.only('amount', 'currency', 'destination', 'source_transaction', 'transfer_group', 'metadata', 'description')
  const amount = form.amount()
  if (amount === undefined) throw wrongParameter('amount', 'Missing required param: amount.', 'parameter_missing')
  const currency = form.required('currency').toLowerCase()
  const account = accountOf(state, form.required('destination'), 'destination')
  if (!canReceive(account))
    throw impossible(
      'insufficient_capabilities_for_transfer',
      'Your destination account needs to have at least one of the following capabilities enabled: transfers.',
      'destination',
    )
  const source = sourceOf(call, { amount, currency })
  if (!source && fundsOf(state, currency).available < amount) throw insufficient()
  return pay(call, { amount, currency, account, source })
}

/** The charge that pays for it: also money that is still pending, but never more than the charge brought. */
function sourceOf({ state, form }: Call, sum: { amount: number; currency: string }): Stripe.Charge | null {
  const id = form.text('source_transaction')
  if (!id) return null
  const charge = chargeOf(state, id, 'source_transaction')
  if (charge.status !== 'succeeded')
    throw impossible('charge_not_succeeded', 'The source_transaction has not succeeded.', 'source_transaction')
  if (charge.currency !== sum.currency)
    throw impossible(
      'currency_mismatch',
      'The currency of the transfer must be that of its source_transaction.',
      'currency',
    )
  const taken = state
    .all('transfer')
    .filter((one) => one.source_transaction === id)
    .reduce((cents, one) => cents + one.amount - one.amount_reversed, 0)
  if (taken + sum.amount > charge.amount)
    throw impossible(
      'transfer_source_balance_insufficient',
      `The transfers of this source_transaction would exceed its amount: ${charge.amount - taken} is left.`,
      'amount',
    )
  const group = form.text('transfer_group')
  if (group && charge.transfer_group && group !== charge.transfer_group)
    throw impossible('transfer_group_mismatch', 'The transfer_group is not that of the charge.', 'transfer_group')
  return charge
}

const insufficient = () =>
  impossible('balance_insufficient', 'You have insufficient available funds in your Stripe account.')

interface Payment {
  readonly amount: number
  readonly currency: string
  readonly account: Stripe.Account
  readonly source: Stripe.Charge | null
}

function pay(call: Call, { amount, currency, account, source }: Payment): Stripe.Transfer {
  const { state, form } = call
  const id = state.newId('transfer')
  const when = source ? availableOn(call, source) : undefined
  const sum = { currency, source: id, ...(when === undefined ? {} : { availableOn: when }) }
  const line = move(state, { ...sum, type: 'transfer', amount: -amount })
  move(state, { ...sum, type: 'payment', amount, account: account.id })
  const made = state.put('transfer', {
    id,
    object: 'transfer',
    amount,
    amount_reversed: 0,
    balance_transaction: line.id,
    created: state.now(),
    currency,
    description: form.text('description') ?? null,
    destination: account.id,
    livemode: false,
    metadata: form.metadata(),
    reversals: { object: 'list', data: [], has_more: false, url: `/v1/transfers/${id}/reversals` },
    reversed: false,
    source_transaction: source?.id ?? null,
    source_type: 'card',
    transfer_group: form.text('transfer_group') ?? source?.transfer_group ?? null,
  })
  call.emit('transfer.created', made)
  return made
}

const availableOn = ({ state }: Call, charge: Stripe.Charge): number | undefined =>
  state.find('balance_transaction', String(charge.balance_transaction))?.available_on

const reverse: Handler = (call) => {
  const { state, form } = call
  form.only('amount', 'metadata', 'description', 'refund_application_fee')
  const transfer = transferOf(call)
  const rest = transfer.amount - transfer.amount_reversed
  const amount = form.amount() ?? rest
  if (rest === 0) throw impossible('transfer_already_reversed', 'This transfer was reversed already.')
  if (amount > rest) throw impossible('amount_too_large', `You can reverse at most ${rest} of this transfer.`, 'amount')
  const destination = String(transfer.destination)
  const funds = fundsOf(state, transfer.currency, destination)
  if (funds.available + funds.pending < amount) throw insufficient()
  const id = state.newId('transfer_reversal')
  const sum = { currency: transfer.currency, source: id }
  const line = move(state, { ...sum, type: 'transfer_refund', amount })
  move(state, { ...sum, type: 'payment_refund', amount: -amount, account: destination })
  const made = state.put('transfer_reversal', {
    id,
    object: 'transfer_reversal',
    amount,
    balance_transaction: line.id,
    created: state.now(),
    currency: transfer.currency,
    destination_payment_refund: null,
    metadata: form.metadata(),
    source_refund: null,
    transfer: transfer.id,
  })
  const reversed = transfer.amount_reversed + amount
  const left = state.put('transfer', {
    ...transfer,
    amount_reversed: reversed,
    reversed: reversed === transfer.amount,
    reversals: { ...transfer.reversals, data: [made, ...transfer.reversals.data] },
  })
  call.emit('transfer.reversed', left)
  return made
}

const retrieve: Handler = (call) => transferOf(call)

const list: Handler = ({ state, form }) => {
  form.only('limit', 'starting_after', 'ending_before', 'created', 'destination', 'transfer_group')
  const [destination, group] = [form.text('destination'), form.text('transfer_group')]
  const wanted = state
    .all('transfer')
    .filter((one) => (!destination || one.destination === destination) && (!group || one.transfer_group === group))
  return page(form, wanted, '/v1/transfers')
}

const listReversals: Handler = (call) => {
  const { id, reversals } = transferOf(call)
  return page(call.form, reversals.data, `/v1/transfers/${id}/reversals`)
}

function transferOf({ state, ids: [id = ''] }: Call): Stripe.Transfer {
  const transfer = state.find('transfer', id)
  if (!transfer) throw missing('transfer', id)
  return transfer
}

export const transferRoutes: readonly (readonly [string, string, Handler])[] = [
  ['POST', '/v1/transfers', create],
  ['GET', '/v1/transfers', list],
  ['GET', '/v1/transfers/:id', retrieve],
  ['POST', '/v1/transfers/:id/reversals', reverse],
  ['GET', '/v1/transfers/:id/reversals', listReversals],
]
