import { factsOf, type BasePropertyJSON, type Kind } from './types.ts'

export type { Kind }

const kindsOfTypes: Record<string, Kind> = {
  boolean: 'boolean',
  datetime: 'datetime',
  date: 'date',
  float: 'number',
  mixed: 'json',
  number: 'number',
  reference: 'reference',
  textarea: 'longText',
}

/** How a property is shown: as the panel says, or else as its database type suggests. */
export function kindOf(property: BasePropertyJSON): Kind {
  return factsOf(property).kind ?? kindsOfTypes[property.type] ?? (property.availableValues ? 'enum' : 'text')
}

const rightAligned = new Set<Kind>(['money', 'number', 'minutes', 'basisPoints'])

export const isRightAligned = (property: BasePropertyJSON): boolean => rightAligned.has(kindOf(property))

/** Takes the whole width of a form or a record. */
export const isWide = (property: BasePropertyJSON): boolean => ['json', 'longText'].includes(kindOf(property))
