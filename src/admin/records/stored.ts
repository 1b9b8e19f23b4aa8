import { type Field, type Model } from '../../core/schema.ts'
import type { Selection } from './selection.ts'

/** A record's own columns as its declaration reads them: instants as Date, exact numbers as text. */
export type Stored = Readonly<Record<string, unknown>>

// the app's login may not read these
const SECRET = new Set(['password', 'failedLogins', 'lockedUntil', 'tokenHash', 'linkKey', 'rotationId'])

export const storedFields = (model: Model): readonly Field[] =>
  model.fields.filter(
    (field) =>
      field.kind !== 'object' && field.kind !== 'unsupported' && field.type !== 'Bytes' && !SECRET.has(field.name),
  )

/** `"b"."startAt"`, with days, JSON and exact numbers as text: nothing may shift a day or round a number. */
export function storedColumn(field: Field, alias = 'b'): string {
  const asText = ['BigInt', 'Decimal', 'Json'].includes(field.type) || isDay(field)
  return `${alias}."${field.name}"${asText ? '::text' : ''}`
}

/** What `storedColumn` selected, as Prisma would have it. */
export function storedValue(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (field.isList) return value
  if (isDay(field)) return new Date(`${String(value)}T00:00:00Z`)
  if (field.type === 'BigInt') return BigInt(String(value))
  return field.type === 'Json' ? (JSON.parse(String(value)) as unknown) : value
}

const isDay = (field: Field): boolean => field.type === 'DateTime' && field.nativeType?.[0] === 'Date'

/** The selection with `fields` of the record itself behind its own; `read` gets both, of one row. */
export function withStored<T>(
  selection: Selection,
  fields: readonly Field[],
  read: (row: ReturnType<Selection['read']>, stored: Stored) => T,
): Omit<Selection, 'read'> & { read: (...of: Parameters<Selection['read']>) => T } {
  // most of them are shown anyway: nothing is read twice
  const shown = new Map(selection.columns.split(', ').map((column, at) => [column.split(' AS ')[0]!, at]))
  const others = fields.filter((field) => !shown.has(storedColumn(field)))
  const columns = others.map((field, index) => `${storedColumn(field)} AS s${index}`)
  const places = fields.map((field) => shown.get(storedColumn(field)) ?? selection.width + others.indexOf(field))
  return {
    columns: [selection.columns, ...columns].join(', '),
    width: selection.width + others.length,
    base: [...new Set([...selection.base, ...fields.map(({ name }) => (name === 'id' ? 'b.id' : `b."${name}"`))])],
    joins: selection.joins,
    read: (values, school) => {
      const stored = Object.fromEntries(
        fields.map((field, index) => [field.name, storedValue(field, values[places[index]!])]),
      )
      return read(selection.read(values, school), stored)
    },
  }
}
