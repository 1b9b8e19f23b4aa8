import type { View } from './records.ts'
import type { Kind, Property } from './screen.ts'
import { type Selection, selectionOf } from './selection.ts'

const UNFIT = new Set<Kind>(['id', 'json'])

/** The columns that a list may show. */
export const choosable = (properties: readonly Property[], paths: readonly Property[]): string[] =>
  [...properties, ...paths].filter(({ kind }) => !UNFIT.has(kind)).map(({ name }) => name)

/** The properties named, in that order; an amount is shown with its currency. */
export function listed(names: readonly string[], among: readonly Property[]): Property[] {
  const chosen = names.flatMap((name) => among.find((property) => property.name === name) ?? [])
  const currencies = new Set(chosen.flatMap(({ currency }) => currency ?? []))
  return [...chosen, ...among.filter((one) => currencies.has(one.name) && !chosen.includes(one))]
}

const MAX_KEPT = 50
const kept = new WeakMap<View, Map<string, Selection>>()

/** How the chosen columns are read; the last sets of columns that were asked for are kept. */
export function selectionFor(view: View, columns: readonly string[] | undefined): Selection {
  if (columns === undefined) return view.list
  const known = kept.get(view) ?? new Map<string, Selection>()
  kept.set(view, known)
  const key = columns.join(',')
  const selection =
    known.get(key) ?? selectionOf(view.screens, view.screen, listed(columns, [...view.properties, ...view.paths]))
  known.delete(key)
  known.set(key, selection)
  if (known.size > MAX_KEPT) known.delete(known.keys().next().value!)
  return selection
}
