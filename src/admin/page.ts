import { invalid } from '../core/errors.ts'
import type { Query } from '../core/db.ts'
import { tenantCondition } from '../core/schema.ts'
import { type FilterValue, Parameters, filterCondition } from './conditions.ts'
import { type Property, type Screen, propertyOf } from './screen.ts'
import type { Selection } from './selection.ts'

export const COUNT_CAP = 10_000
const MAX_PER_PAGE = 100

/** What a list request asks for, checked. */
export interface ListRequest {
  readonly page: number
  readonly perPage: number
  readonly sortBy: string
  readonly direction: 'asc' | 'desc'
  readonly filters: Readonly<Record<string, FilterValue>>
  readonly cursor: Cursor | undefined
}

/** Where the page begins: after (or, going back, before) the row with this value of the sorted column and this id. */
export interface Cursor {
  readonly back: boolean
  readonly value: string | null
  readonly id: string
}

/** @throws AppError Invalid for a page, filter, sort or cursor that does not exist */
export function parseListRequest(
  screen: Screen,
  properties: readonly Property[],
  query: Record<string, unknown>,
): ListRequest {
  const sortBy = one(query.sortBy) ?? screen.sort.by
  const sortProperty = sortBy === 'id' ? undefined : properties.find((property) => property.name === sortBy)
  if (sortBy !== screen.sort.by && (!screen.sortable.has(sortBy) || (sortBy !== 'id' && !sortProperty)))
    throw invalid(`The list cannot be sorted by "${sortBy}".`, 'sortBy')
  const direction = one(query.direction) ?? (sortBy === screen.sort.by ? screen.sort.direction : 'asc')
  if (direction !== 'asc' && direction !== 'desc') throw invalid('The direction of a list is asc or desc.', 'direction')
  return {
    page: wholeNumber(one(query.page) ?? '1', 'page', 1_000_000_000),
    perPage: Math.min(wholeNumber(one(query.perPage) ?? '25', 'perPage', 1_000_000), MAX_PER_PAGE),
    sortBy,
    direction,
    filters: parseFilters(screen, properties, query),
    cursor: query.cursor === undefined ? undefined : decodeCursor(one(query.cursor) ?? ''),
  }
}

/** The page's rows (one more than asked, to know whether there is a next page) and the capped count, as two statements. */
export function pageQueries(
  screen: Screen,
  selection: Selection,
  request: ListRequest,
  tenant: { orgId: string; zone: string },
): [Query, Query] {
  const parameters = new Parameters()
  const where = conditions(screen, request, tenant, parameters)
  // with a filter the best plan depends on its value
  const isUnfiltered = Object.keys(request.filters).length === 0
  const count = {
    text: `SELECT count(*)::int FROM (SELECT 1 FROM "${screen.model.name}" b WHERE ${where} LIMIT ${COUNT_CAP + 1}) counted`,
    values: [...parameters.values],
    prepared: isUnfiltered,
  }
  const order = orderOf(screen, request)
  const table = `"${screen.model.name}"`
  const after = request.cursor ? ` AND ${afterCursor(screen, request, request.cursor, parameters)}` : ''
  const limit = `ORDER BY ${order.sql('b', request.cursor?.back ?? false)} LIMIT ${request.perPage + 1}`
  const offset = request.cursor ? 0 : (request.page - 1) * request.perPage
  if (offset > COUNT_CAP)
    throw invalid(
      `Page ${request.page} is too far to jump to. Narrow the list with a filter, or page on from here.`,
      'page',
    )
  const base = [...new Set([...selection.base, order.column === '"id"' ? 'b.id' : `b.${order.column}`])].join(', ')
  // an offset walks only the index: the rows of the pages before are never fetched
  const page =
    offset === 0
      ? `SELECT ${base} FROM ${table} b WHERE ${where}${after} ${limit}`
      : `SELECT ${base} FROM ${table} b WHERE b.id = ANY (ARRAY(SELECT b.id FROM ${table} b WHERE ${where} ${limit} OFFSET ${offset}))`
  const text = `SELECT ${selection.columns}, b.${order.column}::text AS sorted FROM (${page}) b ${selection.joins} ORDER BY ${order.sql('b', false)}`
  return [{ text, values: parameters.values, prepared: isUnfiltered && offset === 0 }, count]
}

function conditions(
  screen: Screen,
  request: ListRequest,
  tenant: { orgId: string; zone: string },
  parameters: Parameters,
): string {
  const inSchool = tenantCondition(screen.model, 'b', `${parameters.add(tenant.orgId)}::uuid`)
  const filters = Object.entries(request.filters).map(([name, value]) =>
    filterCondition(propertyOf(screen, name)!, value, tenant.zone, parameters),
  )
  return [inSchool, ...filters].join(' AND ')
}

function orderOf(screen: Screen, request: ListRequest) {
  const column = `"${sortColumn(screen, request)}"`
  return {
    column,
    sql: (alias: string, back: boolean) => {
      const direction = (request.direction === 'asc') !== back ? 'ASC' : 'DESC'
      return column === '"id"'
        ? `${alias}.id ${direction}`
        : `${alias}.${column} ${direction}, ${alias}.id ${direction}`
    },
  }
}

const sortColumn = (screen: Screen, request: ListRequest): string => propertyOf(screen, request.sortBy)?.column ?? 'id'

/** Rows beyond the cursor. PostgreSQL orders NULL after every value, ascending, and before every value, descending. */
function afterCursor(screen: Screen, request: ListRequest, cursor: Cursor, parameters: Parameters): string {
  const name = sortColumn(screen, request)
  const column = `b."${name}"`
  const sign = (request.direction === 'asc') !== cursor.back ? '>' : '<'
  const id = `${parameters.add(cursor.id)}::uuid`
  if (name === 'id') return `b.id ${sign} ${id}`
  if (cursor.value === null)
    return `(${column} IS NULL AND b.id ${sign} ${id}${sign === '<' ? ` OR ${column} IS NOT NULL` : ''})`
  const property = screen.properties.find((one) => one.column === name)!
  const beyond = `(${column}, b.id) ${sign} (${parameters.add(cursor.value)}::${sqlType(property)}, ${id})`
  return sign === '>' && !property.field.isRequired ? `(${beyond} OR ${column} IS NULL)` : beyond
}

function sqlType(property: Property): string {
  if (property.kind === 'date') return 'date'
  if (property.kind === 'reference' || property.field.nativeType?.[0] === 'Uuid') return 'uuid'
  const types: Record<string, string> = {
    DateTime: 'timestamptz',
    Int: 'int',
    BigInt: 'bigint',
    Decimal: 'numeric',
    Boolean: 'boolean',
    String: 'text',
  }
  return types[property.field.type] ?? `"${property.field.type}"`
}

export const encodeCursor = (cursor: Cursor): string =>
  Buffer.from(JSON.stringify([cursor.back ? 1 : 0, cursor.value, cursor.id])).toString('base64url')

function decodeCursor(text: string): Cursor {
  try {
    const [back, value, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [
      number,
      string | null,
      string,
    ]
    if ((value !== null && typeof value !== 'string') || !/^[0-9a-f-]{36}$/i.test(id)) throw new Error('not a cursor')
    return { back: back === 1, value, id }
  } catch {
    throw invalid('This page of the list is no longer known. Start again from the first page.', 'cursor')
  }
}

const one = (value: unknown): string | undefined => (value === undefined || value === '' ? undefined : String(value))

function wholeNumber(text: string, name: string, max: number): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) < 1 || Number(text) > max)
    throw invalid(`"${name}" is a number from 1.`, name)
  return Number(text)
}

/** AdminJS writes filters as `filters.status=confirmed` and `filters.startAt~~from=2026-11-24`. */
function parseFilters(
  _screen: Screen,
  properties: readonly Property[],
  query: Record<string, unknown>,
): Record<string, FilterValue> {
  const filters: Record<string, FilterValue> = {}
  for (const [key, value] of Object.entries(query)) {
    if (!key.startsWith('filters') || value === '') continue
    const match = /^filters\.([A-Za-z]\w*)(?:~~(from|to))?$/.exec(key)
    const property = match && properties.find((property) => property.name === match[1])
    if (!property || typeof value !== 'string')
      throw invalid(`There is no filter "${key.replace('filters.', '')}" here.`, 'filters')
    const edge = match[2] as 'from' | 'to' | undefined
    if (!edge) filters[property.name] = value
    else
      filters[property.name] = {
        ...(typeof filters[property.name] === 'object' ? (filters[property.name] as object) : {}),
        [edge]: value,
      }
  }
  return filters
}
