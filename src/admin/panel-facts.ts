import type { FilterKind } from './lists/offers.ts'
import type { View } from './records/records.ts'

/** What the browser is told about a list beyond AdminJS's own metadata: `resource.panel`, typed again in views/types.ts. */
export interface PanelFacts {
  /** The list has a field to search in. */
  readonly searchable: boolean
  readonly scopes: readonly { readonly name: string; readonly label: string; readonly counted: boolean }[]
  readonly filters: Readonly<Record<FilterKind, readonly string[]>>
  /** All that may be chosen for the list. */
  readonly columns: readonly string[]
  readonly sorts: readonly string[]
  /** Records may be made of the rows of a file. */
  readonly canImport: boolean
}

export function panelFactsOf(view: View): PanelFacts {
  const { range, multi, flag, null: empty, relation, search, scopes } = view.offers
  return {
    searchable: search.length > 0,
    scopes: scopes.map(({ name, label, counted }) => ({ name, label, counted })),
    filters: { range, multi, flag, null: empty, relation },
    columns: view.columns,
    sorts: [...view.screen.sortable],
    canImport: view.screen.imports !== undefined,
  }
}
