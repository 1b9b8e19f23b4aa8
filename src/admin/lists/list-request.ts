import { invalid } from '../../core/errors.ts'
import type { FilterValue } from './conditions.ts'
import type { View } from '../records/records.ts'
import type { Property } from '../screen.ts'
import type { Searched } from './search-condition.ts'

const MAX_PER_PAGE = 100
const MAX_COLUMNS = 30
const MAX_WORDS = 100

/** What a list request asks for, checked. */
export interface ListRequest {
  readonly page: number
  readonly perPage: number
  readonly sortBy: string
  readonly direction: 'asc' | 'desc'
  readonly filters: Readonly<Record<string, FilterValue>>
  readonly cursor: Cursor | undefined
  /** The tab, by its name in the address. */
  readonly scope?: string | undefined
  /** Words to find in the columns that the list searches. */
  readonly words?: string | undefined
  /** What the words were found in, once that was looked up: see `lookUp`. */
  readonly found?: Searched['found']
  /** The columns wanted instead of those of the list. */
  readonly columns?: readonly string[] | undefined
}

/** Where the page begins: after (or, going back, before) the row with this value of the sorted column and this id. */
export interface Cursor {
  readonly back: boolean
  readonly value: string | null
  readonly id: string
}

/** @throws AppError Invalid for a page, tab, filter, column, sort or cursor that does not exist for whoever has this view */
export function parseListRequest(view: View, query: Record<string, unknown>): ListRequest {
  const filters = parseFilters(view, query)
  return {
    page: wholeNumber(one(query.page) ?? '1', 'page', 1_000_000_000),
    perPage: Math.min(wholeNumber(one(query.perPage) ?? '25', 'perPage', 1_000_000), MAX_PER_PAGE),
    ...parseOrder(view, query, firstOrder(view, filters)),
    filters,
    cursor: query.cursor === undefined ? undefined : decodeCursor(one(query.cursor) ?? ''),
    scope: parseScope(view, one(query.scope)),
    words: parseWords(view, one(query.q)),
    columns: parseColumns(view, one(query.columns)),
  }
}

/** Whether all records of the list are asked for. */
export const isWholeList = (request: ListRequest): boolean =>
  Object.keys(request.filters).length === 0 && !request.scope && !request.words

type Order = Pick<ListRequest, 'sortBy' | 'direction'>

/**
 * The order when none is asked for: that of the list. What is narrowed to days or amounts comes in their order, which is
 * also the only one that an index has for just those rows: dates of one record lie close together.
 */
function firstOrder({ screen, properties }: View, filters: ListRequest['filters']): Order {
  const { by, direction } = screen.sort
  const ranges = Object.keys(filters).filter((name) => isRange(filters[name]!))
  const [only] = ranges
  const property = properties.find(({ name }) => name === only)
  const isElsewhere = ranges.length === 1 && only !== by && screen.sortable.has(only!) && !property?.masked
  return isElsewhere ? { sortBy: only!, direction: 'desc' } : { sortBy: by, direction }
}

const isRange = (value: FilterValue): boolean => typeof value === 'object' && Boolean(value.from ?? value.to)

function parseOrder({ screen, properties }: View, query: Record<string, unknown>, first: Order): Order {
  const sortBy = one(query.sortBy) ?? first.sortBy
  const property = properties.find(({ name }) => name === sortBy)
  const isOffered = screen.sortable.has(sortBy) && (sortBy === 'id' || (property && !property.masked))
  if (sortBy !== screen.sort.by && !isOffered) throw invalid(`The list cannot be sorted by "${sortBy}".`, 'sortBy')
  const direction = one(query.direction) ?? (sortBy === first.sortBy ? first.direction : 'asc')
  if (direction !== 'asc' && direction !== 'desc') throw invalid('The direction of a list is asc or desc.', 'direction')
  return { sortBy, direction }
}

/** AdminJS writes filters as `filters.status=confirmed` and `filters.startAt~~from=2026-11-24`; `~~empty` is ours. */
function parseFilters(view: View, query: Record<string, unknown>): Record<string, FilterValue> {
  const filters: Record<string, FilterValue> = {}
  for (const [key, value] of Object.entries(query)) {
    if (!key.startsWith('filters') || value === '') continue
    const match = /^filters\.([A-Za-z]\w*)(?:~~(from|to|empty))?$/.exec(key)
    const property = match && view.properties.find(({ name }) => name === match[1])
    const edge = match?.[2] as 'from' | 'to' | 'empty' | undefined
    if (!property || property.masked || typeof value !== 'string' || !isOffered(view, property, edge))
      throw invalid(`There is no filter "${key.replace('filters.', '')}" here.`, 'filters')
    const before = filters[property.name]
    filters[property.name] = edge ? { ...(typeof before === 'object' ? before : {}), [edge]: value } : value
  }
  return filters
}

function isOffered({ offers }: View, { name, kind }: Property, edge: 'from' | 'to' | 'empty' | undefined): boolean {
  if (edge === 'empty') return offers.null.includes(name)
  if (edge) return offers.range.includes(name)
  // one value is a range that begins and ends with it
  return (
    [offers.multi, offers.flag, offers.relation, offers.range].some((names) => names.includes(name)) && kind !== 'json'
  )
}

function parseScope({ offers }: View, name: string | undefined): string | undefined {
  if (name !== undefined && !offers.scopes.some((scope) => scope.name === name))
    throw invalid(`There is no tab "${name}" here.`, 'scope')
  return name
}

function parseWords({ offers }: View, words: string | undefined): string | undefined {
  const text = words?.trim()
  if (!text) return undefined
  if (offers.search.length === 0) throw invalid('This list cannot be searched.', 'q')
  if (text.length > MAX_WORDS) throw invalid(`Search for at most ${MAX_WORDS} characters.`, 'q')
  return text
}

function parseColumns(view: View, text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const names = [...new Set(text.split(','))]
  const unknown = names.find((name) => !view.columns.includes(name))
  if (unknown !== undefined) throw invalid(`"${unknown}" is no column of this list.`, 'columns')
  if (names.length > MAX_COLUMNS) throw invalid(`Choose at most ${MAX_COLUMNS} columns.`, 'columns')
  return names
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
