import { invalid } from '../../core/errors.ts'
import { type Model, enumValues, fieldOf } from '../../core/schema.ts'
import { dayBounds, minutesOfDay, parseDate, parseInstant } from '../../core/time.ts'
import { isUuid } from '../../core/context.ts'
import type { Scope } from './offers.ts'
import type { Property } from '../screen.ts'

/** Collects the parameters of a statement. */
export class Parameters {
  readonly values: unknown[] = []
  add(value: unknown): string {
    return `$${this.values.push(value)}`
  }
}

export type FilterValue = string | { from?: string; to?: string; empty?: string }

/**
 * One filter of a list as SQL on the alias `b`.
 * @throws AppError Invalid naming the field when the value is none of its kind
 */
export function filterCondition(property: Property, value: FilterValue, zone: string, parameters: Parameters): string {
  const column = `b."${property.column}"`
  if (property.kind === 'json') throw invalid(`${property.label} cannot be filtered.`, property.name)
  if (typeof value === 'object') return within(property, value, zone, parameters)
  switch (property.kind) {
    case 'enum':
      return `${column} IN (${enumList(property, value)})`
    case 'id':
    case 'reference':
      if (!isUuid(value)) throw invalid(`Choose a value for ${property.label} from the list.`, property.name)
      return `${column} = ${parameters.add(value)}::uuid`
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw invalid(`${property.label} is either yes or no.`, property.name)
      return `${column} = ${value}`
    case 'date':
    case 'datetime':
      return range(property, { from: value, to: value }, zone, parameters)
    case 'text':
    case 'longText':
    case 'time':
      if (property.field.type === 'Int') return `${column} = ${parameters.add(minutes(property, value))}::int`
      return `${column} ILIKE ${parameters.add(containing(value))}`
    default:
      return within(property, { from: value, to: value }, zone, parameters)
  }
}

/** `%word%` with the signs that LIKE reads taken literally. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`

// literals, not parameters: PostgreSQL reads them as constants of the enum and can use partial indexes; each is checked against the enum
function enumList(property: Property, value: string): string {
  const allowed = property.field.kind === 'enum' ? enumValues(property.field.type) : Object.keys(property.values ?? {})
  const wanted = value.split(',').filter((one) => one !== '')
  if (wanted.length === 0 || wanted.some((one) => !allowed.includes(one)))
    throw invalid(`${property.label} has no such value.`, property.name)
  return wanted
    .map((one) =>
      property.field.kind === 'enum' ? `'${one}'::"${property.field.type}"` : `'${one.replaceAll("'", "''")}'`,
    )
    .join(', ')
}

/** A tab's columns with their values. */
export function scopeCondition(model: Model, scope: Scope, parameters: Parameters): string {
  const conditions = scope.where.map(({ column, values }) => {
    const field = fieldOf(model, column)!
    const known = values.filter((value) => value !== null)
    const literal = (value: unknown) =>
      field.kind === 'enum' ? `'${String(value)}'::"${field.type}"` : parameters.add(value)
    const isOne = known.length > 0 ? [`b."${column}" IN (${known.map(literal).join(', ')})`] : []
    const isEmpty = values.includes(null) ? [`b."${column}" IS NULL`] : []
    return `(${[...isOne, ...isEmpty].join(' OR ')})`
  })
  return conditions.join(' AND ')
}

function within(
  property: Property,
  { empty, ...ends }: { from?: string; to?: string; empty?: string },
  zone: string,
  parameters: Parameters,
): string {
  if (empty === undefined) return range(property, ends, zone, parameters)
  if (empty !== 'yes' && empty !== 'no') throw invalid(`${property.label} is either empty or not.`, property.name)
  const isEmpty = `b."${property.column}" IS ${empty === 'yes' ? '' : 'NOT '}NULL`
  return ends.from || ends.to ? `${isEmpty} AND ${range(property, ends, zone, parameters)}` : isEmpty
}

function range(
  property: Property,
  value: { from?: string; to?: string },
  zone: string,
  parameters: Parameters,
): string {
  const column = `b."${property.column}"`
  const bounds: string[] = []
  if (property.kind === 'datetime') {
    if (value.from) bounds.push(`${column} >= ${parameters.add(instant(property, value.from, zone, 0))}::timestamptz`)
    if (value.to) bounds.push(`${column} < ${parameters.add(instant(property, value.to, zone, 1))}::timestamptz`)
  } else if (property.kind === 'date') {
    if (value.from) bounds.push(`${column} >= ${parameters.add(day(property, value.from))}::date`)
    if (value.to) bounds.push(`${column} <= ${parameters.add(day(property, value.to))}::date`)
  } else {
    if (!['money', 'number', 'decimal', 'minutes', 'basisPoints'].includes(property.kind))
      throw invalid(`${property.label} has no range.`, property.name)
    // compared as it is stored: an index cannot be walked by another type's comparison
    const whole = property.field.type === 'Int' || property.field.type === 'BigInt'
    const type = whole ? 'bigint' : 'numeric'
    const bound = (text: string, round: (value: number) => number) => {
      const exact = number(property, text)
      return parameters.add(whole ? String(round(Number(exact))) : exact)
    }
    if (value.from) bounds.push(`${column} >= ${bound(value.from, Math.ceil)}::${type}`)
    if (value.to) bounds.push(`${column} <= ${bound(value.to, Math.floor)}::${type}`)
  }
  return bounds.length > 0 ? bounds.join(' AND ') : 'true'
}

/** A whole day counts to its last instant: `edge` 0 is its beginning, 1 the beginning of the next day. */
function instant(property: Property, text: string, zone: string, edge: 0 | 1): Date {
  const wholeDay = /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseDate(text) : null
  const found = wholeDay ? dayBounds(wholeDay, zone)[edge] : parseInstant(text, zone)
  if (!found || Number.isNaN(found.getTime()))
    throw invalid(`${property.label} needs a date like 2026-11-24.`, property.name)
  return found
}

function day(property: Property, text: string): string {
  const found = parseDate(text)
  if (!found) throw invalid(`${property.label} needs a date like 2026-11-24.`, property.name)
  return found
}

function minutes(property: Property, text: string): number {
  const found = minutesOfDay(text)
  if (found === null) throw invalid(`${property.label} needs a time like 08:30.`, property.name)
  return found
}

function number(property: Property, text: string): string {
  if (!/^-?\d{1,15}(\.\d{1,9})?$/.test(text)) throw invalid(`${property.label} needs a number.`, property.name)
  return text
}
