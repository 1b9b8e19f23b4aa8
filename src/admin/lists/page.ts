import { invalid } from '../../core/errors.ts'
import type { Context } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { tenantCondition } from '../../core/schema.ts'
import { Parameters, filterCondition, scopeCondition } from './conditions.ts'
import { selectionFor } from './columns.ts'
import { type ListRequest, isWholeList } from './list-request.ts'
import type { View } from '../records/records.ts'
import { propertyOf } from '../screen.ts'
import { lookUp, searchCondition, searchedIn } from './search-condition.ts'
import { orderOf } from './sorting.ts'

export const COUNT_CAP = 10_000

/** The school, and the zone in which it counts its days. */
export interface Tenant {
  readonly orgId: string
  readonly zone: string
}

/** The page's rows (one more than asked, to know whether there is a next page) and the capped count, as two statements. */
export function pageQueries(view: View, request: ListRequest, tenant: Tenant): [Query, Query] {
  const parameters = new Parameters()
  const where = listCondition(view, request, tenant, parameters)
  const { screen } = view
  // with a filter the best plan depends on its value; sets of columns are too many to keep a plan of each
  const isPrepared = isWholeList(request) && request.columns === undefined
  const count = { ...countQuery(view, where, parameters), prepared: isPrepared }
  const selection = selectionFor(view, request.columns)
  const order = orderOf(view, request)
  const back = request.cursor?.back ?? false
  const after = request.cursor ? ` AND ${order.after(request.cursor, parameters)}` : ''
  const limit = `ORDER BY ${order.sql(order.value, back)} LIMIT ${request.perPage + 1}`
  const offset = request.cursor ? 0 : (request.page - 1) * request.perPage
  if (offset > COUNT_CAP)
    throw invalid(
      `Page ${request.page} is too far to jump to. Narrow the list with a filter, or page on from here.`,
      'page',
    )
  const own = order.value.startsWith('b.') ? [order.value] : []
  const base = [...new Set([...selection.base, ...own])].join(', ') + order.extra
  const found = `SELECT ${base} FROM ${order.from} WHERE ${where}${after} ${limit}`
  // an offset walks only the index: the rows of the pages before are never fetched
  const page =
    offset === 0
      ? found
      : order.extra === ''
        ? `SELECT ${base} FROM "${screen.model.name}" b WHERE b.id = ANY (ARRAY(SELECT b.id FROM ${order.from} WHERE ${where} ${limit} OFFSET ${offset}))`
        : `${found} OFFSET ${offset}`
  const text = `SELECT ${selection.columns}, ${order.found}::text AS sorted FROM (${page}) b ${selection.joins} ORDER BY ${order.sql(order.found, false)}`
  return [{ text, values: parameters.values, prepared: isPrepared && offset === 0 }, count]
}

/** How many rows fit, up to one more than `cap`. */
export function countQuery(view: View, where: string, parameters: Parameters, cap = COUNT_CAP): Query {
  return {
    text: `SELECT count(*)::int FROM (SELECT 1 FROM "${view.screen.model.name}" b WHERE ${where} LIMIT ${cap + 1}) counted`,
    values: [...parameters.values],
  }
}

/** Which rows a request asks for, on the alias `b`; the school is the first of the parameters. */
export function listCondition(view: View, request: ListRequest, tenant: Tenant, parameters: Parameters): string {
  const inSchool = tenantCondition(view.screen.model, 'b', `${parameters.add(tenant.orgId)}::uuid`)
  const filters = Object.entries(request.filters).map(([name, value]) =>
    filterCondition(propertyOf(view.screen, name)!, value, tenant.zone, parameters),
  )
  const scope = view.offers.scopes.find(({ name }) => name === request.scope)
  const tab = scope ? [scopeCondition(view.screen.model, scope, parameters)] : []
  const searched = { ...searchedIn(view), found: request.found }
  const words = request.words ? [searchCondition(searched, request.words, parameters) ?? 'false'] : []
  return [inSchool, ...tab, ...filters, ...words].join(' AND ')
}

/** The request with its words looked up, where there are any: of two statements PostgreSQL plans the second one well. */
export async function withWordsFound(ctx: Context, view: View, request: ListRequest): Promise<ListRequest> {
  if (!request.words) return request
  const { found } = await lookUp(ctx, searchedIn(view), request.words)
  return { ...request, found }
}
