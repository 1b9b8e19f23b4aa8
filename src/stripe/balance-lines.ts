import type Stripe from 'stripe'
import type { Database } from '../core/db.ts'
import type { Row } from '../domain/reconciliation/ledger-side.ts'
import type { Sum } from '../domain/reconciliation/compare.ts'
import { stripe } from '../services/stripe.ts'

/** All lines of Stripe's balance about one object. */
export interface AtStripe {
  /** The object's id, or the line's where it is about none. */
  readonly subject: string
  readonly sum: Sum
  /** When the first and the last of them were made. */
  readonly from: Date
  readonly until: Date
}

/** Whose an object is, by our own rows. */
export interface Place {
  readonly orgId: string
  /** Null when only its payment is ours: a dispute, a refund of the dashboard that nobody has taken in. */
  readonly row: Row | null
}

/** What moves in the platform's own account for no school: fees of the account, what goes to its bank, what is set aside. */
const PLATFORMS_OWN = new Set([
  'payout',
  'payout_cancel',
  'payout_failure',
  'payout_minimum_balance_hold',
  'payout_minimum_balance_release',
  'stripe_fee',
  'stripe_fx_fee',
  'tax_fee',
  'network_cost',
  'topup',
  'topup_reversal',
  'reserve_transaction',
  'reserved_funds',
  'reserve_hold',
  'reserve_release',
  'connect_collection_transfer',
  'risk_reserved_funds',
  'fee_credit_funding',
])

interface Period {
  readonly from: Date
  readonly until: Date
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** What Stripe's balance says of a time, object by object; all schools share one account, so it is listed once. */
export async function listBalance({ from, until }: Period): Promise<AtStripe[]> {
  const created = { gte: seconds(from), lt: seconds(until) }
  return await gather(stripe().balanceTransactions.list({ created, limit: 100 }))
}

/** Everything that Stripe's balance says of one object, whenever it was; null when it knows nothing of it. */
export async function readBalanceOf(subject: string): Promise<AtStripe | null> {
  const [found] = await gather(stripe().balanceTransactions.list({ source: subject, limit: 100 }))
  return found ?? null
}

async function gather(lines: AsyncIterable<Stripe.BalanceTransaction>): Promise<AtStripe[]> {
  const sums = new Map<string, AtStripe>()
  for await (const { id, type, source, amount, fee, currency, created } of lines) {
    if (PLATFORMS_OWN.has(type)) continue
    const subject = (typeof source === 'string' ? source : source?.id) ?? id
    const at = new Date(created * 1000)
    const known = sums.get(subject)
    sums.set(subject, {
      subject,
      sum: {
        cents: amount + (known?.sum.cents ?? 0),
        feeCents: fee + (known?.sum.feeCents ?? 0),
        currency: currency.toUpperCase(),
      },
      from: known && known.from < at ? known.from : at,
      until: known && known.until > at ? known.until : at,
    })
  }
  return [...sums.values()]
}

const AT_ONCE = 1_000

/** Whose these objects are, by our own rows and never by what Stripe keeps for us; what is nobody's is left out. */
export async function placesOf(db: Database, subjects: readonly string[]): Promise<Map<string, Place>> {
  const places = await homesOf(db, subjects)
  for (const subject of subjects.filter((one) => !places.has(one))) {
    const about = await paymentBehind(subject)
    const [home] = about ? [...(await homesOf(db, [about])).values()] : []
    if (home) places.set(subject, { orgId: home.orgId, row: null })
  }
  return places
}

async function homesOf(db: Database, subjects: readonly string[]): Promise<Map<string, Place>> {
  const places = new Map<string, Place>()
  for (let start = 0; start < subjects.length; start += AT_ONCE) {
    const { rows } = await db.workerQuery('SELECT stripe_id, school, model, row_id FROM stripe_homes($1)', [
      subjects.slice(start, start + AT_ONCE),
    ])
    for (const one of rows as { stripe_id: string; school: string; model: string; row_id: string }[])
      places.set(one.stripe_id, { orgId: one.school, row: { refType: one.model, refId: one.row_id } })
  }
  return places
}

/** The charge, or the transfer, that an unknown object belongs to. */
async function paymentBehind(subject: string): Promise<string | null> {
  const [line] = (await stripe().balanceTransactions.list({ source: subject, limit: 1, expand: ['data.source'] })).data
  const source = line?.source as { charge?: unknown; transfer?: unknown } | string | null | undefined
  if (!source || typeof source === 'string') return null
  const about = source.charge ?? source.transfer
  return typeof about === 'string' ? about : null
}
