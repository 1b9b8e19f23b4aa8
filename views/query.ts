/** The address of a list: page, order and filters in AdminJS's own query parameters. */

export type Filters = Record<string, string>

const PREFIX = 'filters.'

/** `?filters.status=confirmed&page=2` is `{ status: 'confirmed' }`. Empty values do not filter. */
export function readFilters(search: string): Filters {
  const entries = [...new URLSearchParams(search)]
    .filter(([key, value]) => key.startsWith(PREFIX) && value !== '')
    .map(([key, value]) => [key.slice(PREFIX.length), value])
  return Object.fromEntries(entries) as Filters
}

/** The same list with these filters instead, from its first page. */
export function withFilters(search: string, filters: Filters): string {
  const query = new URLSearchParams([...firstPage(search)].filter(([key]) => !key.startsWith(PREFIX)))
  for (const [key, value] of Object.entries(filters)) if (value !== '') query.set(PREFIX + key, value)
  return toSearch(query)
}

/** The same list in another order, from its first page. */
export function withSort(search: string, sortBy: string, direction: 'asc' | 'desc'): string {
  const query = firstPage(search)
  query.set('sortBy', sortBy)
  query.set('direction', direction)
  return toSearch(query)
}

/** Another page of the same list. The cursor, when the server gave one, is where that page starts. */
export function withPage(search: string, page: number, cursor?: string | null): string {
  const query = firstPage(search)
  if (page > 1) query.set('page', String(page))
  if (page > 1 && cursor) query.set('cursor', cursor)
  return toSearch(query)
}

/** What a list shows, whatever the order and the page: its filters, its tab and the words that are looked for. */
export function matchingQuery(search: string): string {
  const entries = [...new URLSearchParams(search)]
  return toSearch(
    new URLSearchParams(entries.filter(([key]) => key === 'scope' || key === 'q' || key.startsWith(PREFIX))),
  )
}

/** Filters without one property: its value, or both ends of its range. */
export function withoutFilter(filters: Filters, path: string): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([key]) => key !== path && !key.startsWith(`${path}~~`)))
}

/** The tab of the list, by its name; null for all of it. */
export const readScope = (search: string): string | null => new URLSearchParams(search).get('scope') || null

/** The same list's other tab, from its first page. */
export const withScope = (search: string, scope: string | null): string => withOne(search, 'scope', scope)

/** The words that are looked for. */
export const readWords = (search: string): string => new URLSearchParams(search).get('q') ?? ''

export const withWords = (search: string, words: string): string => withOne(search, 'q', words)

/** The columns that the address asks for; null where it leaves that open. */
export const readColumns = (search: string): string[] | null =>
  new URLSearchParams(search).get('columns')?.split(',').filter(Boolean) ?? null

/** The same page of the list with other columns. */
export function withColumns(search: string, columns: readonly string[] | null): string {
  const query = new URLSearchParams(search)
  if (columns) query.set('columns', columns.join(','))
  else query.delete('columns')
  return toSearch(query)
}

/** The whole list, in the order and with the columns that it has now. */
export function withNothingNarrowed(search: string): string {
  const query = new URLSearchParams(withFilters(search, {}))
  for (const key of ['scope', 'q']) query.delete(key)
  return toSearch(query)
}

/** Whether the address asks for less than the whole list. */
export const isNarrowed = (search: string): boolean =>
  readScope(search) !== null || readWords(search) !== '' || Object.keys(readFilters(search)).length > 0

const NARROWING = ['scope', 'q']
const KNOWN = ['page', 'sortBy', 'direction', 'cursor', 'columns', ...NARROWING]

/** What the list's API is asked: the parameters it knows, of all that an address may carry. */
export const listQuery = (search: string): string => only(search, KNOWN)

/** What its counts depend on. */
export const countsQuery = (search: string): string => only(search, NARROWING)

function only(search: string, known: readonly string[]): string {
  const entries = [...new URLSearchParams(search)].filter(([key]) => known.includes(key) || key.startsWith(PREFIX))
  return toSearch(new URLSearchParams(entries))
}

function withOne(search: string, key: string, value: string | null): string {
  const query = firstPage(search)
  if (value) query.set(key, value)
  else query.delete(key)
  return toSearch(query)
}

/** The properties that filter, each once, however many keys a range takes. */
export const filteredPaths = (filters: Filters): string[] => [
  ...new Set(Object.keys(filters).map((key) => key.split('~~')[0] ?? key)),
]

/** Page numbers to offer around the current one, with `null` where some are left out: `1 … 4 5 6 … 40`. */
export function pageNumbers(page: number, pages: number): (number | null)[] {
  const wanted = [1, page - 1, page, page + 1, pages].filter((number) => number >= 1 && number <= pages)
  const numbers = [...new Set(wanted)].toSorted((a, b) => a - b)
  return numbers.flatMap((number, index) => {
    const previous = numbers[index - 1]
    return previous !== undefined && number - previous > 1 ? [null, number] : [number]
  })
}

function firstPage(search: string): URLSearchParams {
  const query = new URLSearchParams(search)
  for (const key of ['page', 'cursor', 'recordIds', 'refresh']) query.delete(key)
  return query
}

function toSearch(query: URLSearchParams): string {
  const text = query.toString()
  return text && `?${text}`
}
