import { fieldLabel, valueLabel } from '../core/labels.ts'
import { formatMoney } from '../core/money.ts'
import { formatDay, formatInstant, timeOfDay } from '../core/time.ts'
import type { Property } from './screen.ts'
import type { School } from './records/selection.ts'

/**
 * A stored value as a manager reads it; null where there is nothing.
 * @param value as PostgreSQL writes it as JSON, or as a record holds it
 * @param school with the currency of the record, where it has one
 */
export function inWords(property: Property, value: unknown, school: School): string | null {
  if (value === null || value === undefined || value === '') return null
  return words[property.kind](value, property, school)
}

type Words = (value: unknown, property: Property, school: School) => string

const text: Words = (value) => String(value)

const words: Record<Property['kind'], Words> = {
  text,
  longText: text,
  id: text,
  reference: text,
  decimal: (value) =>
    String(value)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, ''),
  number: (value) => grouped(String(value)),
  minutes: (value) => `${grouped(String(value))} min`,
  basisPoints: (value) => `${Number(value) / 100} %`,
  money: (value, _property, school) => formatMoney(Number(value), school.currency),
  boolean: (value) => (value === true || value === 'true' ? 'Yes' : 'No'),
  date: (value) => formatDay(asText(value).slice(0, 10)),
  datetime: (value, _property, school) => formatInstant(new Date(asText(value)), school.timeZone),
  time: (value) => (typeof value === 'number' ? timeOfDay(value) : String(value)),
  enum: (value, property) => property.values?.[String(value)] ?? valueLabel(String(value)),
  json: (value) => told(typeof value === 'string' ? parsed(value) : value),
}

const asText = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value))

const grouped = (digits: string): string => digits.replaceAll(/\B(?=(\d{3})+$)/g, ',')

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch {
    return json
  }
}

/** "Name: Mia, phones: home, work": whatever is kept as JSON, without its brackets. */
function told(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map(told).join(', ') || '–'
  return (
    Object.entries(value)
      .map(([key, one]) => `${fieldLabel(key)}: ${told(one)}`)
      .join(', ') || '–'
  )
}
