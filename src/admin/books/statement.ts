import type { Context } from '../../core/context.ts'
import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import { firstFact } from '../../domain/tax/first-fact.ts'
import { type Quarter, quarterOf, quartersBetween } from '../../domain/tax/quarter.ts'
import { readStatement, type Statement, type StatementLine } from '../../domain/tax/read-statement.ts'

/** The quarter that is asked for, or the one that is under way; and what was counted for it. */
export interface Asked {
  readonly quarter: Quarter
  readonly quarters: readonly Quarter[]
  readonly timeZone: string
  /** Null for a school that is not registered for the tax. */
  readonly statement: Statement | null
}

/** @throws AppError Invalid when it is no quarter */
export async function askStatement(ctx: Context, key: string | undefined): Promise<Asked> {
  return await ctx.db.transaction(ctx, async (tx) => {
    const work = { ...ctx, tx }
    const { timeZone, gstRegistered } = await tx.org.findFirstOrThrow({
      where: { id: ctx.orgId },
      select: { timeZone: true, gstRegistered: true },
    })
    const now = nowOf(ctx)
    const first = await firstFact(work)
    // the one under way is always there, also before anything was booked
    const quarters = quartersBetween(first && first < now ? first : now, now, timeZone)
    const quarter = key ? quarterOf(key, timeZone) : quarters[0]!
    return { quarter, quarters, timeZone, statement: gstRegistered ? await readStatement(work, quarter) : null }
  })
}

/** @throws AppError Conflict for a school that is not registered */
export function requireRegistered({ statement }: Asked): Statement {
  if (!statement) throw conflict('This school is not registered for GST, so it has no statement.')
  return statement
}

/** What the page shows: the boxes, and what they are made of. */
export function statementJson({ quarter, quarters, statement }: Asked): object {
  const { sales = [], purchases = [], ...boxes } = statement ?? {}
  return {
    quarter,
    quarters: quarters.map(({ key, name }) => ({ key, name })),
    registered: statement !== null,
    ...boxes,
    parts: [...partsOf(sales, saleOf), ...partsOf(purchases, () => 'Paid to instructors registered for GST')],
  }
}

const saleOf = ({ kind, method }: StatementLine): string => {
  if (kind.startsWith('dispute')) return 'Disputes that were lost'
  if (kind.startsWith('refund')) return 'Given back'
  return (
    { card: 'Received by card', cash: 'Received in cash', bank_transfer: 'Received by bank transfer' }[method ?? ''] ??
    'Other'
  )
}

function partsOf(lines: readonly StatementLine[], nameOf: (line: StatementLine) => string): object[] {
  const parts = new Map<string, { name: string; count: number; amountCents: number; gstCents: number }>()
  for (const line of lines) {
    const name = nameOf(line)
    const { count, amountCents, gstCents } = parts.get(name) ?? { count: 0, amountCents: 0, gstCents: 0 }
    parts.set(name, {
      name,
      count: count + 1,
      amountCents: amountCents + line.amountCents,
      gstCents: gstCents + line.gstCents,
    })
  }
  return [...parts.values()]
}
