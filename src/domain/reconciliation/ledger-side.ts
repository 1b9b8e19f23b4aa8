import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Sum } from './compare.ts'

/** A row of ours that moved money at Stripe. */
export interface Row {
  /** Its model: Payment, Refund, Payout, TransferReversal or Dispute. */
  readonly refType: string
  readonly refId: string
}

/** What the books say of a row, all of it. */
export interface Booked extends Row {
  readonly sum: Sum
  /** When the first and the last of it were written. */
  readonly from: Date
  readonly until: Date
}

interface Period {
  readonly from: Date
  readonly until: Date
}

/** The rows that the books moved at Stripe in a time; by when it was written, so that nothing late is left out. */
export async function touchedIn({ tx, orgId }: UnitOfWork, { from, until }: Period): Promise<Row[]> {
  return await tx.$queryRaw<Row[]>`
    SELECT DISTINCT t."refType", t."refId" FROM "LedgerEntry" e
      JOIN "LedgerTransaction" t ON t.id = e."transactionId" AND t."orgId" = e."orgId"
     WHERE e."orgId" = ${orgId}::uuid AND e.account = 'stripe_balance' AND e."createdAt" >= ${from} AND e."createdAt" < ${until}`
}

/** What the books say of each of these rows; rows of which they say nothing at Stripe are left out. */
export async function bookedOf({ tx, orgId }: UnitOfWork, refIds: readonly string[]): Promise<Booked[]> {
  if (refIds.length === 0) return []
  const found = await tx.$queryRaw<(Row & Period & { net: number; fee: number; currency: string })[]>`
    SELECT t."refType", t."refId", e.currency, min(e."createdAt") AS from, max(e."createdAt") AS until,
           sum(e."amountCents") FILTER (WHERE e.account = 'stripe_balance')::int AS net,
           coalesce(sum(e."amountCents") FILTER (WHERE e.account = 'processor_fees'), 0)::int AS fee
      FROM "LedgerTransaction" t JOIN "LedgerEntry" e ON e."transactionId" = t.id AND e."orgId" = t."orgId"
     WHERE t."orgId" = ${orgId}::uuid AND t."refId" = ANY (${[...refIds]}::text[])
       AND t."refType" IN ('Payment', 'Refund', 'Payout', 'TransferReversal', 'Dispute')
     GROUP BY t."refType", t."refId", e.currency
    HAVING count(*) FILTER (WHERE e.account = 'stripe_balance') > 0`
  return found.map(({ net, fee, currency, ...row }) => ({
    ...row,
    sum: { cents: net + fee, feeCents: fee, currency },
  }))
}

/** What each of these rows is called at Stripe, where it has a name there. */
export async function stripeIdsOf({ tx, orgId }: UnitOfWork, refIds: readonly string[]): Promise<Map<string, string>> {
  if (refIds.length === 0) return new Map()
  const ids = [...refIds]
  const rows = await tx.$queryRaw<{ id: string; stripeId: string | null }[]>`
    SELECT id, "stripeChargeId" AS "stripeId" FROM "Payment" WHERE "orgId" = ${orgId}::uuid AND id = ANY (${ids}::uuid[])
    UNION ALL SELECT id, "stripeRefundId" FROM "Refund" WHERE "orgId" = ${orgId}::uuid AND id = ANY (${ids}::uuid[])
    UNION ALL SELECT id, "stripeDisputeId" FROM "Dispute" WHERE "orgId" = ${orgId}::uuid AND id = ANY (${ids}::uuid[])
    UNION ALL SELECT id, "stripeTransferId" FROM "Payout" WHERE "orgId" = ${orgId}::uuid AND id = ANY (${ids}::uuid[])
    UNION ALL SELECT id, "stripeReversalId" FROM "TransferReversal" WHERE "orgId" = ${orgId}::uuid AND id = ANY (${ids}::uuid[])`
  return new Map(rows.flatMap(({ id, stripeId }) => (stripeId ? [[id, stripeId] as const] : [])))
}
