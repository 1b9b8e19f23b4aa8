import type { Kind, Shelves, State } from '../../src/services/stripe-simulator/state.ts'
import type { TestDatabase } from '../support/database.ts'

/** One of our rows that has something at Stripe, and what our books say was moved there for it. */
interface Ours {
  readonly of: 'Payment' | 'Refund' | 'Payout' | 'TransferReversal' | 'Dispute'
  readonly id: string
  readonly stripeId: string
  readonly status: string
  /** Cents of the row itself, and of it those that came or went back since. */
  readonly amount: number
  readonly back: number
  readonly currency: string
  /** Cents on `stripe_balance`. */
  readonly booked: number
}

const BOOKED = `coalesce((SELECT sum(e."amountCents") FROM "LedgerEntry" e JOIN "LedgerTransaction" t ON t.id = e."transactionId"
  WHERE e.account = 'stripe_balance' AND t."refId" = row.id::text), 0)::int AS booked`
const OURS = [
  `SELECT 'Payment' AS of, id::text, "stripePaymentIntentId" AS "stripeId", status::text, "amountCents" AS amount,
     "refundedCents" AS back, currency, ${BOOKED} FROM "Payment" row`,
  `SELECT 'Payment', id::text, "stripeChargeId", status::text, "amountCents", "refundedCents", currency, ${BOOKED} FROM "Payment" row`,
  `SELECT 'Refund', id::text, "stripeRefundId", status::text, "amountCents", 0, currency, ${BOOKED} FROM "Refund" row`,
  `SELECT 'Payout', id::text, "stripeTransferId", status::text, "amountCents" - "nettedCents", "reversedCents", currency, ${BOOKED} FROM "Payout" row`,
  `SELECT 'TransferReversal', id::text, "stripeReversalId", status::text, "amountCents", 0, 'AUD', ${BOOKED} FROM "TransferReversal" row`,
  `SELECT 'Dispute', id::text, "stripeDisputeId", status::text, "amountCents", 0, currency, ${BOOKED} FROM "Dispute" row`,
].join('\nUNION ALL ')

/** Where our books and Stripe's do not say the same, in sentences. */
export async function differencesFromStripe(test: Pick<TestDatabase, 'console'>, state: State): Promise<string[]> {
  const ours = (await test.console('superuser', OURS)) as unknown as Ours[]
  const byStripeId = new Map(ours.filter(({ stripeId }) => stripeId).map((row) => [row.stripeId, row]))
  const find = (id: string) => byStripeId.get(id)
  return [...movements(state, ours, find), ...twice(state, find), ...standings(state, find)]
}

type Find = (stripeId: string) => Ours | undefined

/** Each line of Stripe's balance is in our books with the row that caused it, and nothing else is. */
function movements(state: State, ours: readonly Ours[], find: Find): string[] {
  const faults: string[] = []
  const moved = new Map<string, number>()
  for (const line of state.all('balance_transaction')) {
    const row = find(String(line.source))
    if (row) moved.set(row.id, (moved.get(row.id) ?? 0) + line.net)
    else if (sumOf(state, String(line.source)) !== 0)
      faults.push(`Stripe moved ${line.net} for ${String(line.source)} (${line.type}), of which we have no row`)
  }
  for (const { id, of, booked } of new Map(ours.map((row) => [row.id, row])).values())
    if (booked !== (moved.get(id) ?? 0))
      faults.push(`${of} ${id}: our books have ${booked} cents at Stripe, Stripe has ${moved.get(id) ?? 0}`)
  return faults
}

const sumOf = (state: State, source: string): number =>
  state
    .all('balance_transaction')
    .filter((line) => line.source === source)
    .reduce((sum, { net }) => sum + net, 0)

/** What we tell Stripe about each object: whose it is. */
const OWNERS = {
  payment_intent: ['paymentId'],
  refund: ['refundId'],
  transfer: ['payoutId'],
  transfer_reversal: ['reversalId', 'transferReversalId'],
} as const

/** A row of ours has one object at Stripe, which it knows; what failed or was taken back there does not count. */
function twice(state: State, find: Find): string[] {
  return (Object.keys(OWNERS) as (keyof typeof OWNERS)[]).flatMap((kind) => {
    const live = state.all(kind).filter((one) => !isOver(one))
    const owned = Map.groupBy(live, (one) => ownerOf(kind, one))
    return [...owned].flatMap(([owner, objects]) => {
      if (owner === undefined) return []
      const unknown = objects.filter(({ id }) => find(id)?.id !== owner)
      return [
        ...(objects.length > 1 ? [`${kind} of ${owner} is there ${objects.length} times`] : []),
        ...unknown.map(({ id }) => `${kind} ${id} says it is of ${owner}, which does not know it`),
      ]
    })
  })
}

function ownerOf(kind: keyof typeof OWNERS, { metadata }: { readonly metadata?: unknown }): string | undefined {
  const told = (metadata ?? {}) as Record<string, string>
  return OWNERS[kind].map((name) => told[name]).find((value) => value !== undefined)
}

const isOver = (object: Shelves[Kind]): boolean =>
  object.object === 'refund' && (object.status === 'failed' || object.status === 'canceled')

const RECEIVED = ['succeeded', 'partially_refunded', 'refunded']

/** Each object stands where our row stands, with the same amount. */
function standings(state: State, find: Find): string[] {
  const faults: string[] = []
  const told = (what: string, row: Ours | undefined, fine: boolean) => {
    if (!fine) faults.push(`${what}, ours is ${row ? `${row.status}, ${row.amount} less ${row.back}` : 'not there'}`)
  }
  for (const { id, status, amount, currency } of state.all('payment_intent')) {
    const row = find(id)
    const paid = status === 'succeeded'
    const same = row?.amount === amount && row.currency.toLowerCase() === currency
    told(`intent ${id} is ${status}, ${amount}`, row, same && paid === RECEIVED.includes(row.status))
  }
  for (const { id, status, amount } of state.all('refund')) {
    const row = find(id)
    // made in the dashboard, and over before anybody heard of it
    if (!row && (status === 'failed' || status === 'canceled')) continue
    told(`refund ${id} is ${status}, ${amount}`, row, row?.status === status && row.amount === amount)
  }
  for (const { id, amount, amount_reversed: back } of state.all('transfer')) {
    const row = find(id)
    told(`transfer ${id} has ${amount} less ${back}`, row, row?.amount === amount && row.back === back)
  }
  for (const { id, amount } of state.all('transfer_reversal')) {
    const row = find(id)
    told(`reversal ${id} has ${amount}`, row, row?.status === 'succeeded' && row.amount === amount)
  }
  for (const { id, status, amount } of state.all('dispute')) {
    const row = find(id)
    told(`dispute ${id} is ${status}, ${amount}`, row, row?.status === status && row.amount === amount)
  }
  return faults
}
