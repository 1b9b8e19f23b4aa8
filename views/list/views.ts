import { readColumns, readFilters, readScope, readWords, withFilters, type Filters } from '../query.ts'

/** A way of looking at a list, as the server keeps it (src/admin/lists/saved-views.ts). */
export interface ViewSettings {
  filters?: Filters
  scope?: string
  q?: string
  sortBy?: string
  direction?: 'asc' | 'desc'
  columns?: string[]
}

export interface SavedView {
  id: string
  name: string
  sharedWith: string | null
  isOwn: boolean
  /** Who shared it; null for one's own. */
  by: string | null
  canDelete: boolean
  settings: ViewSettings
  /** The role may not have all of it. */
  isPart: boolean
}

export interface ViewsResponse {
  views: SavedView[]
  /** Roles that see this list. */
  shareable: string[]
}

/** What an address says about the list, and the columns chosen beside it; not which page it is on. */
export function settingsOf(search: string, chosen: string[] | null): ViewSettings {
  const query = new URLSearchParams(search)
  const [filters, scope, q, sortBy] = [readFilters(search), readScope(search), readWords(search), query.get('sortBy')]
  const columns = readColumns(search) ?? chosen
  return {
    ...(Object.keys(filters).length > 0 ? { filters } : {}),
    ...(scope ? { scope } : {}),
    ...(q ? { q } : {}),
    ...(sortBy ? { sortBy, direction: query.get('direction') === 'desc' ? 'desc' : 'asc' } : {}),
    ...(columns ? { columns } : {}),
  }
}

/** The address of the list looked at that way. */
export function searchOf({ filters = {}, columns, ...rest }: ViewSettings): string {
  const query = new URLSearchParams(withFilters('', filters))
  for (const [key, value] of Object.entries(rest)) query.set(key, value)
  if (columns) query.set('columns', columns.join(','))
  const text = query.toString()
  return text && `?${text}`
}
