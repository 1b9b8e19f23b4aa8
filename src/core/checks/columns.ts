import type { Declared } from './declared.ts'
import { type Model, fieldOf, modelOf, orderedColumns } from '../schema.ts'

/** Columns of the list, the title, tabs, badges, labels and words, and the order. */
export function columnGaps({ here, declaration, model }: Declared): string[] {
  const sort = declaration.sort?.by as string | undefined
  const badges = (declaration.badges ?? []) as readonly string[]
  return [
    ...[...((declaration.list ?? []) as readonly string[]), ...Object.keys(declaration.labels ?? {})]
      .filter((path) => !isPath(model, path))
      .map((path) => `${here} names ${path}, which no list can show`),
    ...(sort && !orderedColumns(model).has(sort)
      ? [`${here} sorts by ${sort}, which no index leads to inside a school: add @@index([orgId, ${sort}])`]
      : []),
    ...((declaration.title ?? []) as readonly string[])
      .filter((path) => !isPath(model, path) || isRelation(model, path))
      .map((path) => `${here} has ${path} in its title, which is no column it refers to`),
    ...tabGaps({ here, declaration, model }),
    ...badges
      .filter((name) => !isColumn(model, name))
      .map((name) => `${here} has the badge ${name}, which is no column`),
    ...Object.keys(declaration.values ?? {})
      .filter((name) => !isColumn(model, name))
      .map((name) => `${here} has words for ${name}, which is no column`),
  ]
}

/** A field stands in one tab: in two, a form would have it twice. */
function tabGaps({ here, declaration, model }: Declared): string[] {
  const tabs = Object.entries((declaration.tabs ?? {}) as Record<string, readonly string[]>)
  const all = tabs.flatMap(([, names]) => names)
  return tabs.flatMap(([tab, names]) => [
    ...(names.length === 0 ? [`${here} has nothing on the tab "${tab}"`] : []),
    ...names
      .filter((name) => !isPath(model, name) || name.includes('.'))
      .map((name) => `${here} has ${name} on the tab "${tab}", which no record shows`),
    ...names
      .filter((name, index) => names.indexOf(name) !== index || all.filter((one) => one === name).length > 1)
      .map((name) => `${here} has ${name} on the tab "${tab}" and on another: leave it on one`),
  ])
}

const isRelation = (model: Model, name: string): boolean => Boolean(fieldOf(model, name)?.relationFromFields?.length)

export const isColumn = (model: Model, name: string): boolean => {
  const field = fieldOf(model, name)
  return field !== undefined && field.kind !== 'object'
}

/** A column, a relation to one record, or a column of that record. */
export function isPath(model: Model, path: string): boolean {
  const [first, column] = path.split('.') as [string, string | undefined]
  if (column === undefined) return isColumn(model, first) || isRelation(model, first)
  return isRelation(model, first) && isColumn(modelOf(fieldOf(model, first)!.type), column)
}
