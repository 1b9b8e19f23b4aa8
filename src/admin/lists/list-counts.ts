import type { Context } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { Parameters } from './conditions.ts'
import type { ListRequest } from './list-request.ts'
import { COUNT_CAP, type Tenant, countQuery, listCondition, withWordsFound } from './page.ts'
import type { View } from '../records/records.ts'

/** How many records each tab of a list has, and about how many the list itself. */
export interface ListCounts {
  readonly scopes: Readonly<Record<string, { readonly count: number; readonly isCapped: boolean }>>
  /**
   * How many the list has; an estimate where they are more than the cap. Below it the planner is not asked: its statistics
   * know all schools, and what it says of an id that is another school's would tell that there is one.
   */
  readonly about: number
}

const WHOLE: ListRequest = { page: 1, perPage: 1, sortBy: 'id', direction: 'asc', filters: {}, cursor: undefined }

/** In one round trip: each tab's count and the list's own, up to the cap, and the planner's estimate of the latter. */
export async function readListCounts(
  ctx: Context,
  view: View,
  request: ListRequest,
  zone: string,
): Promise<ListCounts> {
  const tenant: Tenant = { orgId: ctx.orgId, zone }
  const scopes = view.offers.scopes.filter(({ counted }) => counted)
  const asked = await withWordsFound(ctx, view, request)
  const parameters = new Parameters()
  const [estimated, own, ...counted] = await ctx.db.select(ctx, [
    estimateQuery(view, asked, tenant),
    countQuery(view, listCondition(view, asked, tenant, parameters), parameters),
    ...scopes.map(({ name }) => scopeQuery(view, name, tenant)),
  ])
  const counts = scopes.map(({ name }, index) => {
    const count = counted[index]![0]![0] as number
    return [name, { count: Math.min(count, COUNT_CAP), isCapped: count > COUNT_CAP }] as const
  })
  const count = own![0]![0] as number
  const about = count > COUNT_CAP ? Math.max(count, rounded(rowsIn(estimated!))) : count
  return { scopes: Object.fromEntries(counts), about }
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
