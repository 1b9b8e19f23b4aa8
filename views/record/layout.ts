import { type BasePropertyJSON, type ResourceJSON, panelOf } from '../types.ts'

export interface FactsTab {
  name: string
  label: string
  properties: BasePropertyJSON[]
}

/** The record's fields in their groups; what is in none comes last. Without groups, all of them as one. */
export function factsTabs(resource: ResourceJSON): FactsTab[] {
  const { tabs } = panelOf(resource)
  const all = resource.showProperties
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

/** In the address: "Pick-up" is `pick-up`. */
const nameOf = (label: string): string => label.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')
