import type Stripe from 'stripe'
import { splitFee } from '../../core/money.ts'
import type { Call, Handler } from './call.ts'
import { page } from './lists.ts'
import { missing } from './problem.ts'
import type { State } from './state.ts'

/** Days until the money of a card can be used; until then it is pending. */
const SETTLES_AFTER_SECONDS = 2 * 86_400

export interface Movement {
  readonly type: Stripe.BalanceTransaction.Type
  /** Cents, as they arrive or leave before the fee. */
  readonly amount: number
  readonly currency: string
  readonly source: string
  readonly fee?: number
  readonly account?: string | null
  /** Seconds since 1970 from when on it can be used; now when nothing is said. */
  readonly availableOn?: number
  readonly description?: string
}

/** What Stripe keeps of a domestic card: 1.7 % and 30 cents. */
export const processingFee = (amount: number): number => splitFee(amount, 170).platformFeeCents + 30

/** A line of the balance: the only way that money moves here. */
export function move(state: State, movement: Movement): Stripe.BalanceTransaction {
  const { type, amount, currency, source, fee = 0, account = null, description = null } = movement
  const now = state.now()
  const availableOn = movement.availableOn ?? now
  return state.put(
    'balance_transaction',
    {
      id: state.newId('balance_transaction'),
      object: 'balance_transaction',
      amount,
      available_on: availableOn,
      balance_type: 'payments',
      created: now,
      currency,
      description,
      exchange_rate: null,
      fee,
      fee_details:
        fee === 0
          ? []
          : [{ amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' }],
      net: amount - fee,
      reporting_category: type,
      source,
      status: availableOn <= now ? 'available' : 'pending',
      type,
    },
    account,
  )
}

export const settlesOn = (state: State): number => state.now() + SETTLES_AFTER_SECONDS

interface Sums {
  available: number
  pending: number
}

/** What is there of one currency, in cents. */
export function fundsOf(state: State, currency: string, account: string | null = null): Sums {
  const sums: Sums = { available: 0, pending: 0 }
  for (const line of state.all('balance_transaction', account)) {
    if (line.currency !== currency) continue
    sums[line.available_on <= state.now() ? 'available' : 'pending'] += line.net
  }
  return sums
}

/** Everything that is pending can be used from now on. */
export function settleAll(state: State): void {
  for (const account of [null, ...state.all('account').map(({ id }) => id)])
    for (const line of state.all('balance_transaction', account))
      if (line.available_on > state.now())
        state.put('balance_transaction', { ...line, available_on: state.now(), status: 'available' })
}

const retrieveBalance: Handler = ({ state, account }: Call) => {
  const currencies = [...new Set(state.all('balance_transaction', account).map(({ currency }) => currency))]
  const sums = (currencies.length > 0 ? currencies : ['aud']).map((currency) => ({
    currency,
    ...fundsOf(state, currency, account),
  }))
  const balance: Stripe.Balance = {
    object: 'balance',
    available: sums.map(({ currency, available: amount }) => ({ amount, currency, source_types: { card: amount } })),
    pending: sums.map(({ currency, pending: amount }) => ({ amount, currency, source_types: { card: amount } })),
    livemode: false,
  }
  return balance
}

const listTransactions: Handler = ({ state, account, form }) => {
  form.only('limit', 'starting_after', 'ending_before', 'created', 'source', 'type', 'currency', 'payout')
  const [source, type, currency] = [form.text('source'), form.text('type'), form.text('currency')]
  const payout = form.text('payout')
  const all = state.all('balance_transaction', account)
  const lines = (payout ? linesOfPayout(all, payout) : all).filter(
    (line) =>
      (!source || line.source === source) && (!type || line.type === type) && (!currency || line.currency === currency),
  )
  return page(form, lines.map(asOfNow(state)), '/v1/balance_transactions')
}

/** A payout takes everything that has come in since the one before. @param all the latest first */
function linesOfPayout(all: readonly Stripe.BalanceTransaction[], payout: string): Stripe.BalanceTransaction[] {
  const at = all.findIndex(({ type, source }) => type === 'payout' && source === payout)
  if (at < 0) return []
  const before = all.findIndex(({ type }, index) => index > at && type === 'payout')
  return all.slice(at, before < 0 ? undefined : before)
}

const retrieveTransaction: Handler = ({ state, ids: [id = ''] }) => {
  const line = state.find('balance_transaction', id)
  if (!line) throw missing('balance transaction', id)
  return asOfNow(state)(line)
}

const asOfNow =
  (state: State) =>
  (line: Stripe.BalanceTransaction): Stripe.BalanceTransaction => ({
    ...line,
    status: line.available_on <= state.now() ? 'available' : 'pending',
  })

export const balanceRoutes: readonly (readonly [string, string, Handler])[] = [
  ['GET', '/v1/balance', retrieveBalance],
  ['GET', '/v1/balance_transactions', listTransactions],
  ['GET', '/v1/balance_transactions/:id', retrieveTransaction],
]
