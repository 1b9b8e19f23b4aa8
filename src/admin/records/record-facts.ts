import { fieldLabel } from '../../core/labels.ts'
import type { RelatedList, Tab } from './record-layout.ts'
import type { View } from './records.ts'
import { screenOf } from '../screen.ts'

/** How a record is laid out, for the browser of one role. */
export interface RecordFacts {
  readonly tabs: readonly Tab[]
  readonly related: readonly { name: string; label: string; resourceId: string; property: string; columns: string[] }[]
  readonly badges: readonly string[]
}

/** Only what the role sees: models, columns, and of the tabs those with something on them. */
export function recordFactsOf(view: View, visible: (model: string) => boolean): RecordFacts {
  const { layout } = view.screen
  const names = new Set(view.properties.filter((one) => one.kind !== 'id').map((one) => one.name))
  const nameOf = (path: string) => view.properties.find((one) => one.name === path || one.column === path)?.name ?? ''
  return {
    tabs: layout.tabs
      .map(({ label, properties }) => ({ label, properties: properties.map(nameOf).filter((name) => names.has(name)) }))
      .filter(({ properties }) => properties.length > 0),
    related: layout.related
      .filter(({ model, property }) => visible(model) && isOpen(view, model, property))
      .map(({ name, label, model, property, columns }) => ({
        name,
        label: label ?? fieldLabel(name),
        resourceId: model,
        property,
        columns: relatedColumns(view, { model, property, columns }),
      })),
    badges: layout.badges.filter((name) => names.has(name)),
  }
}

const isOpen = (view: View, model: string, property: string): boolean =>
  screenOf(view.screens, model).properties.some((one) => one.name === property && !one.masked)

/** Those of the list's columns that differ from row to row. */
export function relatedColumns(
  { screens }: View,
  { model, property, columns }: Pick<RelatedList, 'model' | 'property' | 'columns'>,
): string[] {
  const { list, properties, paths } = screenOf(screens, model)
  const shown = new Set([...properties, ...paths].map(({ name }) => name))
  return (columns ?? list).filter((name) => shown.has(name) && name !== property && !name.startsWith(`${property}.`))
}
