import { humanise } from './format.ts'
import { factsOf, type BasePropertyJSON } from './types.ts'

export interface Choice {
  value: string
  label: string
}

/** The values of an enum property with their labels, in the order of the schema. */
export function choicesOf(property: BasePropertyJSON): Choice[] {
  const { labels = {} } = factsOf(property)
  const available = property.availableValues ?? Object.keys(labels).map((value) => ({ value, label: value }))
  return available.map(({ value, label }) => {
    const code = String(value)
    return { value: code, label: labels[code] ?? (label && label !== code ? label : humanise(code)) }
  })
}
