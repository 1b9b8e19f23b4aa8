import type Stripe from 'stripe'
import { accountOf } from './accounts.ts'
import { fundsOf, move } from './balance.ts'
import type { Call, Handler } from './call.ts'
import { page } from './lists.ts'
import { impossible, missing } from './problem.ts'

const DAY_SECONDS = 86_400

/** What the account has goes to its bank, as Stripe does every day by itself. */
export function payOut(call: Call, accountId: string, currency = 'aud'): Stripe.Payout {
  const { state } = call
  accountOf(state, accountId)
  const { available, pending } = fundsOf(state, currency, accountId)
  const amount = available + pending
  if (amount <= 0) throw impossible('balance_insufficient', 'This account has nothing to pay out.')
  const id = state.newId('payout')
  const line = move(state, { type: 'payout', amount: -amount, currency, source: id, account: accountId })
  const payout = state.put(
    'payout',
    { ...newPayout(call, { id, amount, currency }), balance_transaction: line.id },
    accountId,
  )
  call.emit('payout.created', payout, { account: accountId })
  call.emit('payout.paid', payout, { account: accountId })
  return payout
}

function newPayout({ state }: Call, sum: { id: string; amount: number; currency: string }): Stripe.Payout {
  return {
    ...sum,
    object: 'payout',
    application_fee: null,
    application_fee_amount: null,
    arrival_date: state.now() + DAY_SECONDS,
    automatic: true,
    balance_transaction: null,
    created: state.now(),
    description: 'STRIPE PAYOUT',
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'completed',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'paid',
    trace_id: null,
    type: 'bank_account',
  }
}

/** The bank sends it back: a payout that was paid becomes failed. */
export function failPayout(call: Call, id: string): Stripe.Payout {
  const { state } = call
  const before = state.find('payout', id)
  if (!before) throw missing('payout', id)
  if (before.status === 'failed') throw impossible('payout_unexpected_state', 'This payout has failed already.')
  const account = state.ownerOf('payout', id)
  const line = move(state, {
    type: 'payout_failure',
    amount: before.amount,
    currency: before.currency,
    source: id,
    account,
  })
  const payout = state.put('payout', {
    ...before,
    status: 'failed',
    failure_code: 'account_closed',
    failure_message: 'The bank account has been closed.',
    failure_balance_transaction: line.id,
  })
  call.emit('payout.failed', payout, account ? { account } : {})
  return payout
}

const retrieve: Handler = ({ state, account, ids: [id = ''] }) => {
  const payout = state.find('payout', id)
  if (!payout || state.ownerOf('payout', id) !== account) throw missing('payout', id)
  return payout
}

const list: Handler = ({ state, account, form }) => {
  form.only('limit', 'starting_after', 'ending_before', 'created', 'status', 'arrival_date', 'destination')
  const status = form.text('status')
  return page(
    form,
    state.all('payout', account).filter((one) => !status || one.status === status),
    '/v1/payouts',
  )
}

export const payoutRoutes: readonly (readonly [string, string, Handler])[] = [
  ['GET', '/v1/payouts', list],
  ['GET', '/v1/payouts/:id', retrieve],
]
