import { columnsAsked } from '../actions/questions.ts'
import type { View } from '../records/records.ts'
import type { Kind, Property } from '../screen.ts'
import { type Row, type Selection, selectionOf } from '../records/selection.ts'
import { storedFields, withStored } from '../records/stored.ts'

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

/** With what the actions of the role ask of a row before they are offered: a few columns, mostly the status. */
export function judged(selection: Selection, { screen, actions }: Pick<View, 'screen' | 'actions'>): Selection {
  const asked = columnsAsked(actions?.list.map(({ action }) => action) ?? [])
  const fields = storedFields(screen.model).filter(({ name }) => asked.has(name))
  return fields.length === 0 ? selection : withStored(selection, fields, (row, stored): Row => ({ ...row, stored }))
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
    known.get(key) ??
    judged(selectionOf(view.screens, view.screen, listed(columns, [...view.properties, ...view.paths])), view)
  known.delete(key)
  known.set(key, selection)
  if (known.size > MAX_KEPT) known.delete(known.keys().next().value!)
  return selection
}
