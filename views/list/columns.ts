import { kindOf, type Kind } from '../kinds.ts'
import { panelOf, type BasePropertyJSON, type ResourceJSON } from '../types.ts'

export interface Columns {
  /** The column whose value is the link to the record; null where only the record's title can be. */
  opener: BasePropertyJSON | null
  others: BasePropertyJSON[]
}

/** Kinds whose values name a record well enough to be its link. A reference has a link of its own, to another record. */
const naming = new Set<Kind>(['text', 'longText', 'date', 'datetime', 'time'])

/** The columns of a list, the one that opens the record first: it stays in sight when the others scroll. */
export function columnsOf(resource: ResourceJSON, all: readonly BasePropertyJSON[] = resource.listProperties): Columns {
  const title = all.find(({ propertyPath }) => propertyPath === resource.titleProperty?.propertyPath)
  const names = (property: BasePropertyJSON) => naming.has(kindOf(property))
  const opener = [all[0], title].find((property) => property && names(property)) ?? numberOf(title) ?? null
  return { opener, others: all.filter((property) => property !== opener) }
}

/** A number is a name only where it is the title: that of a payout batch. */
const numberOf = (title: BasePropertyJSON | undefined): BasePropertyJSON | undefined =>
  title && kindOf(title) === 'number' ? title : undefined

/** The properties of these names, as far as the resource has them; its own list where none are named. */
export function propertiesNamed(resource: ResourceJSON, names: readonly string[] | null): BasePropertyJSON[] {
  const choosable = panelOf(resource).columns
  const chosen = (names ?? []).flatMap((name) => (choosable.includes(name) ? (resource.properties[name] ?? []) : []))
  return chosen.length > 0 ? chosen : resource.listProperties
}
