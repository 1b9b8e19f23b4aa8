import type { Context } from '../core/context.ts'
import type { Query } from '../core/db.ts'
import { Parameters } from './conditions.ts'
import type { ListRequest } from './list-request.ts'
import { COUNT_CAP, type Tenant, countQuery, listCondition, withWordsFound } from './page.ts'
import type { View } from './records.ts'

/** How many records each tab of a list has, and about how many the list itself. */
export interface ListCounts {
  readonly scopes: Readonly<Record<string, { readonly count: number; readonly isCapped: boolean }>>
  /** An estimate, for a list whose own count stopped at its cap; as long as that is all one needs to know. */
  readonly about: number
}

const WHOLE: ListRequest = { page: 1, perPage: 1, sortBy: 'id', direction: 'asc', filters: {}, cursor: undefined }

/** In one round trip: each tab's count, up to the cap, and the planner's estimate of what `request` asks for. */
export async function readListCounts(
  ctx: Context,
  view: View,
  request: ListRequest,
  zone: string,
): Promise<ListCounts> {
  const tenant: Tenant = { orgId: ctx.orgId, zone }
  const scopes = view.offers.scopes.filter(({ counted }) => counted)
  const [estimated, ...counted] = await ctx.db.select(ctx, [
    estimateQuery(view, await withWordsFound(ctx, view, request), tenant),
    ...scopes.map(({ name }) => scopeQuery(view, name, tenant)),
  ])
  const counts = scopes.map(({ name }, index) => {
    const count = counted[index]![0]![0] as number
    return [name, { count: Math.min(count, COUNT_CAP), isCapped: count > COUNT_CAP }] as const
  })
  return { scopes: Object.fromEntries(counts), about: rounded(rowsIn(estimated!)) }
}

/** The count of a tab; with the rest of the list's filters left out, as the tab's own words say. */
export function scopeQuery(view: View, scope: string, tenant: Tenant): Query {
  const parameters = new Parameters()
  return countQuery(view, listCondition(view, { ...WHOLE, scope }, tenant, parameters), parameters)
}

/** The policy's own condition is told apart from the list's: the school's share of the table is known to the planner. */
export function estimateQuery(view: View, request: ListRequest, tenant: Tenant): Query {
  const parameters = new Parameters()
  const where = listCondition(view, request, tenant, parameters)
  return {
    text: `EXPLAIN (FORMAT JSON) SELECT 1 FROM "${view.screen.model.name}" b WHERE ${where}`,
    values: parameters.values,
  }
}

function rowsIn(answer: unknown[][]): number {
  const [[plan]] = answer as [[string | [{ Plan: { 'Plan Rows': number } }]]]
  const [{ Plan }] = (typeof plan === 'string' ? JSON.parse(plan) : plan) as [{ Plan: { 'Plan Rows': number } }]
  return Plan['Plan Rows']
}

/** Three digits are as much as an estimate knows. */
const rounded = (rows: number): number => Number(rows.toPrecision(3))
