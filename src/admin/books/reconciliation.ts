import type { Prisma } from '@prisma/client'
import type { Context } from '../../core/context.ts'

const MOST = 100
const RUNS = 10

/** How the latest comparisons of Stripe with the books went, and what is open. */
export async function reconciliation(ctx: Context): Promise<object> {
  const { orgId } = ctx
  const orderBy = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]
  const open = { orgId, status: 'open' } as const
  const [runs, gaps, count] = await ctx.db.read(ctx, (client) =>
    Promise.all([
      client.reconciliationRun.findMany({ where: { orgId }, orderBy, take: RUNS, include: withStarter }),
      client.reconciliationException.findMany({ where: open, orderBy, take: MOST }),
      client.reconciliationException.count({ where: open }),
    ]),
  )
  return { open: gaps.map(gapJson), count, runs: runs.map(runJson) }
}

const withStarter = { startedBy: { select: { fullName: true } } } satisfies Prisma.ReconciliationRunInclude

function gapJson(gap: Prisma.ReconciliationExceptionGetPayload<object>): object {
  const { id, kind, description, day, currency, differenceCents, refType, refId, createdAt } = gap
  const about = refType && refId ? { model: refType, id: refId } : null
  return { id, kind, description, currency, differenceCents, createdAt, day: day.toISOString().slice(0, 10), about }
}

function runJson(run: Prisma.ReconciliationRunGetPayload<{ include: typeof withStarter }>): object {
  const { id, createdAt, coversFrom, coversUntil, movements, stripeCents, ledgerCents, days, exceptions } = run
  const by = run.startedBy?.fullName ?? null
  return { id, createdAt, coversFrom, coversUntil, movements, stripeCents, ledgerCents, days, exceptions, by }
}
