import { type BasePropertyJSON, type ResourceJSON, panelOf } from '../types.ts'

/** Properties that belong together: a tab of a record, a part of its form. */
export interface Group {
  /** In the address: "Pick-up" is `pick-up`. */
  name: string
  label: string
  properties: BasePropertyJSON[]
}

/** Properties in the groups that are declared; what is in none comes last. Without groups, all of them as one. */
export function groupsOf(resource: ResourceJSON, all: readonly BasePropertyJSON[]): Group[] {
  const { tabs } = panelOf(resource)
  const grouped = tabs.map(({ label, properties }) => ({
    name: nameOf(label),
    label,
    properties: properties.flatMap((name) => all.find(({ propertyPath }) => propertyPath === name) ?? []),
  }))
  const placed = new Set(grouped.flatMap(({ properties }) => properties))
  const rest = all.filter((property) => !placed.has(property))
  const label = grouped.length === 0 ? 'Details' : 'More'
  const others = rest.length > 0 ? [{ name: nameOf(label), label, properties: rest }] : []
  return [...grouped.filter(({ properties }) => properties.length > 0), ...others]
}

const nameOf = (label: string): string => label.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')
