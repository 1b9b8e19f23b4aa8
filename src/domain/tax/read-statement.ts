import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Quarter } from './quarter.ts'

/** What stands on the line of a statement: a sale, what went back of one, or what an instructor was paid. */
export interface StatementLine {
  readonly at: Date
  /** The fact of the books: `payment.succeeded`. */
  readonly kind: string
  /** How the learner paid; null for what was paid to an instructor. */
  readonly method: string | null
  readonly refType: string
  readonly refId: string
  /** Cents with the tax: above zero came in for a sale, or went out to an instructor. */
  readonly amountCents: number
  /** Cents of tax in it. */
  readonly gstCents: number
}

/** A quarter on a cash basis, in cents: what was received and paid in it, whenever the lessons were. */
export interface Statement {
  readonly currency: string
  /** G1: sales, with the tax, less what went back of them. */
  readonly salesCents: number
  /** 1A: the tax on them. */
  readonly gstOnSalesCents: number
  /** 1B: the tax in what registered instructors were paid. */
  readonly gstOnPurchasesCents: number
  /** What is owed to the tax office; below zero comes back. */
  readonly owedCents: number
  readonly sales: readonly StatementLine[]
  readonly purchases: readonly StatementLine[]
}

/**
 * Goods and services tax of a quarter, from the facts of the books and from nothing else. The tax of a payment is what was
 * written down when it was asked for; of what goes back it is the same part, so that a sale that went back whole leaves none.
 */
export async function readStatement(work: UnitOfWork, quarter: Quarter): Promise<Statement> {
  const { currency } = await work.tx.org.findFirstOrThrow({ where: { id: work.orgId }, select: { currency: true } })
  const sales = await linesOf(work, SALES, { ...quarter, currency })
  const purchases = (await linesOf(work, PURCHASES, { ...quarter, currency })).filter(({ isTaxed }) => isTaxed)
  const sum = (lines: readonly StatementLine[], what: 'amountCents' | 'gstCents') =>
    lines.reduce((cents, line) => cents + line[what], 0)
  const [gstOnSalesCents, gstOnPurchasesCents] = [sum(sales, 'gstCents'), sum(purchases, 'gstCents')]
  return {
    currency,
    salesCents: sum(sales, 'amountCents'),
    gstOnSalesCents,
    gstOnPurchasesCents,
    owedCents: gstOnSalesCents - gstOnPurchasesCents,
    sales,
    purchases,
  }
}

/** One half of the statement, in SQL. */
interface Half {
  /** Which entries (e) of which facts (t) count, and with which sign. */
  readonly counts: string
  readonly sign: 1 | -1
  /** What the facts are about ($2: their rows), and what it is a part of, with the tax of that. */
  readonly wholes: string
  /** Every row that is a part of these ($2). */
  readonly parts: string
}

// Money that came in counts with what Stripe kept of it; a disputed sale stands until the bank has decided against it.
const SALES: Half = {
  counts: `((t."refType" = 'Payment' AND e.account IN ('stripe_balance', 'cash', 'processor_fees'))
    OR (t."refType" = 'Refund' AND e.account IN ('stripe_balance', 'cash')) OR (t.kind = 'dispute.lost' AND e.account = 'disputes'))`,
  sign: 1,
  wholes: ['Payment', 'Refund', 'Dispute']
    .map(
      (model) => `SELECT r.id AS "refId", p.id, p."gstCents" AS gst, p."amountCents" AS cents, p.method::text
        FROM "${model}" r JOIN "Payment" p ON p."orgId" = r."orgId" AND p.id = r.${model === 'Payment' ? 'id' : '"paymentId"'}
       WHERE r."orgId" = $1::uuid AND r.id = ANY ($2::uuid[])`,
    )
    .join(' UNION ALL '),
  parts: `SELECT 'Payment' AS model, id, id AS whole FROM "Payment" WHERE "orgId" = $1::uuid AND id = ANY ($2::uuid[])
    UNION ALL SELECT 'Refund', id, "paymentId" FROM "Refund" WHERE "orgId" = $1::uuid AND "paymentId" = ANY ($2::uuid[])
    UNION ALL SELECT 'Dispute', id, "paymentId" FROM "Dispute" WHERE "orgId" = $1::uuid AND "paymentId" = ANY ($2::uuid[])`,
}

const PURCHASES: Half = {
  counts: `(t."refType" IN ('Payout', 'TransferReversal') AND e.account = 'stripe_balance')`,
  sign: -1,
  wholes: ['Payout', 'TransferReversal']
    .map(
      (model) => `SELECT r.id AS "refId", p.id, p."gstCents" AS gst, p."amountCents" AS cents, NULL AS method
        FROM "${model}" r JOIN "Payout" p ON p."orgId" = r."orgId" AND p.id = r.${model === 'Payout' ? 'id' : '"payoutId"'}
       WHERE r."orgId" = $1::uuid AND r.id = ANY ($2::uuid[])`,
    )
    .join(' UNION ALL '),
  parts: `SELECT 'Payout' AS model, id, id AS whole FROM "Payout" WHERE "orgId" = $1::uuid AND id = ANY ($2::uuid[])
    UNION ALL SELECT 'TransferReversal', id, "payoutId" FROM "TransferReversal" WHERE "orgId" = $1::uuid AND "payoutId" = ANY ($2::uuid[])`,
}

interface Period extends Pick<Quarter, 'from' | 'until'> {
  readonly currency: string
}

interface Fact {
  readonly at: Date
  readonly kind: string
  readonly refType: string
  readonly refId: string
  readonly cents: number
}

interface Whole {
  readonly refId: string
  readonly id: string
  readonly gst: number
  readonly cents: number
  readonly method: string | null
}

async function linesOf(
  work: UnitOfWork,
  half: Half,
  { from, until, currency }: Period,
): Promise<(StatementLine & { readonly isTaxed: boolean })[]> {
  const { tx, orgId } = work
  const facts = await tx.$queryRawUnsafe<Fact[]>(
    `SELECT t."occurredAt" AS at, t.kind, t."refType", t."refId", sum(e."amountCents")::int AS cents
       FROM "LedgerTransaction" t JOIN "LedgerEntry" e ON e."transactionId" = t.id AND e."orgId" = t."orgId"
      WHERE t."orgId" = $1::uuid AND t."occurredAt" >= $2 AND t."occurredAt" < $3 AND e.currency = $4 AND ${half.counts}
      GROUP BY t.id HAVING sum(e."amountCents") <> 0 ORDER BY t."occurredAt", t.id`,
    orgId,
    from,
    until,
    currency,
  )
  const ids = [...new Set(facts.map(({ refId }) => refId))]
  const wholes = new Map((await tx.$queryRawUnsafe<Whole[]>(half.wholes, orgId, ids)).map((one) => [one.refId, one]))
  const totals = await totalsBefore(work, half, { from, currency, wholes: [...wholes.values()] })
  return facts.flatMap(({ at, kind, refType, refId, cents }) => {
    const whole = wholes.get(refId)
    if (!whole) return []
    const amountCents = half.sign * cents
    const before = totals.get(whole.id) ?? 0
    totals.set(whole.id, before + amountCents)
    // the tax of the running total after it less that before it: parts add up to the whole
    const gstCents = taxIn(whole, before + amountCents) - taxIn(whole, before)
    return [{ at, kind, method: whole.method, refType, refId, amountCents, gstCents, isTaxed: whole.gst > 0 }]
  })
}

/** What was counted of them in the quarters before. */
async function totalsBefore(
  { tx, orgId }: UnitOfWork,
  { counts, parts, sign }: Half,
  { from, currency, wholes }: { from: Date; currency: string; wholes: readonly Whole[] },
): Promise<Map<string, number>> {
  const found = await tx.$queryRawUnsafe<{ whole: string; cents: number }[]>(
    `SELECT r.whole, sum(e."amountCents")::int AS cents FROM (${parts}) r
       JOIN "LedgerTransaction" t ON t."orgId" = $1::uuid AND t."refType" = r.model AND t."refId" = r.id::text AND t."occurredAt" < $3
       JOIN "LedgerEntry" e ON e."transactionId" = t.id AND e."orgId" = t."orgId"
      WHERE e.currency = $4 AND ${counts} GROUP BY r.whole`,
    orgId,
    [...new Set(wholes.map(({ id }) => id))],
    from,
    currency,
  )
  return new Map(found.map(({ whole, cents }) => [whole, sign * cents]))
}

/** The part of a tax that is in a part of an amount, half up. */
const taxIn = ({ gst, cents: whole }: Whole, cents: number): number =>
  whole === 0 ? 0 : Math.floor((2 * gst * cents + whole) / (2 * whole))
