import { isUuid } from '../core/context.ts'
import { invalid } from '../core/errors.ts'
import { type Format, formats } from '../core/formats.ts'
import { minutesOfDay, parseDate, parseInstant, timeOfDay } from '../core/time.ts'
import type { Property } from './screen.ts'

const MAX_TEXT = 20_000
const MAX_INTEGER = 2_147_483_647

/**
 * What a form sent for a property, as the column stores it. Empty is null, never 0.
 * @param zone of the school: a date and time without an offset is its wall time
 * @throws AppError Invalid with a sentence that names the field and what to do
 */
export function parseValue(property: Property, raw: unknown, zone: string): unknown {
  if (property.kind === 'boolean') return raw === true || raw === 'true'
  if (raw === null || raw === undefined || raw === '') return emptyValue(property)
  if (typeof raw === 'object' && property.kind !== 'json') throw refuse(property, 'has a value that cannot be read')
  return parsers[property.kind](property, typeof raw === 'string' ? raw.trim() : String(raw), zone, raw)
}

function emptyValue(property: Property): null {
  if (property.field.isRequired) throw refuse(property, 'is needed')
  return null
}

type Parser = (property: Property, text: string, zone: string, raw: unknown) => unknown

const wholeNumber =
  (hint: string): Parser =>
  (property, text) => {
    if (!/^-?\d+$/.test(text)) throw refuse(property, hint)
    if (Math.abs(Number(text)) > MAX_INTEGER) throw refuse(property, 'is too large')
    return Number(text)
  }

const text: Parser = (property, value) => {
  if (value === '') return emptyValue(property)
  if (value.length > MAX_TEXT) throw refuse(property, `is too long: at most ${MAX_TEXT} characters`)
  if (value.includes('\u0000') || !value.isWellFormed()) throw refuse(property, 'has a character that cannot be stored')
  return property.format ? inFormat(property, formats[property.format], value) : value
}

function inFormat(property: Property, { read, needs }: (typeof formats)[Format], value: string): string {
  const stored = read(value)
  if (stored === null) throw refuse(property, needs)
  return stored
}

const uuid: Parser = (property, value) => {
  if (!isUuid(value)) throw refuse(property, 'is not one of the list: choose one')
  return value
}

const parsers: Record<Property['kind'], Parser> = {
  text,
  longText: text,
  id: uuid,
  reference: uuid,
  boolean: (_property, value) => value === 'true',
  money: wholeNumber('needs an amount like 85.00, without letters and with at most two decimals'),
  minutes: wholeNumber('needs a whole number of minutes, like 60'),
  basisPoints: wholeNumber('needs a percentage like 15 or 12.5'),
  number: wholeNumber('needs a whole number'),
  decimal: (property, value) => {
    if (!/^-?\d{1,12}(\.\d{1,9})?$/.test(value)) throw refuse(property, 'needs a number like -33.8568')
    return value
  },
  date: (property, value) => {
    const day = parseDate(value)
    if (!day) throw refuse(property, 'needs a date like 2026-11-24')
    return new Date(`${day}T00:00:00Z`)
  },
  datetime: (property, value, zone) => {
    const instant = parseInstant(value, zone)
    if (!instant)
      throw refuse(
        property,
        `needs a date and time that exists in ${zone}, like 2026-11-24 15:30 (when the clocks go forward an hour is skipped)`,
      )
    return instant
  },
  time: (property, value) => {
    const minutes = minutesOfDay(value)
    if (minutes === null) throw refuse(property, 'needs a time like 08:30')
    return property.field.type === 'Int' ? minutes : timeOfDay(minutes)
  },
  enum: (property, value, zone, raw) => {
    // a text column that other services write too: the words are those that we know, not all that there may be
    if (property.field.type === 'String') return text(property, value, zone, raw)
    if (!Object.hasOwn(property.values ?? {}, value)) throw refuse(property, 'is not one of the choices')
    return property.field.type === 'Int' ? Number(value) : value
  },
  json: (property, value, _zone, raw) => {
    let parsed: unknown = raw
    try {
      if (typeof raw !== 'object') parsed = JSON.parse(value) as unknown
    } catch {
      throw refuse(property, 'is not valid JSON: check quotes, commas and brackets')
    }
    if (!isStorable(parsed, MAX_DEPTH))
      throw refuse(property, 'is nested too deeply or has a character that cannot be stored')
    return parsed
  },
}

const MAX_DEPTH = 50

function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\u0000')
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.entries(value).every(([key, one]) => isStorable(key, depth) && isStorable(one, depth - 1))
}

const refuse = (property: Property, what: string) => invalid(`${property.label} ${what}.`, property.name)

/** Whether what a form sent says the same as what the record holds, so that untouched fields are not written. */
export function isSame(property: Property, parsed: unknown, current: unknown): boolean {
  const held =
    property.kind === 'json' && typeof current === 'string' ? (JSON.parse(current) as unknown) : (current ?? null)
  if (property.kind === 'json') return JSON.stringify(parsed) === JSON.stringify(held)
  if (parsed instanceof Date) return typeof held === 'string' && parsed.toISOString() === new Date(held).toISOString()
  if (property.kind === 'time' && typeof parsed === 'number') return timeOfDay(parsed) === held
  if (property.kind === 'decimal')
    return parsed === held || (parsed !== null && held !== null && Number(parsed) === Number(held))
  return parsed === held
}
