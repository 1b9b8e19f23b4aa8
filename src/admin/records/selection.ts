import { formatDay, formatInstant, timeOfDay } from '../../core/time.ts'
import { valueLabel } from '../../core/labels.ts'
import { formatMoney } from '../../core/money.ts'
import { fieldOf, modelOf, tenancyOf, tenantCondition } from '../../core/schema.ts'
import { masked } from './masking.ts'
import { type Property, type Screen, screenOf } from '../screen.ts'

type Screens = ReadonlyMap<string, Screen>

/** How the school writes times and amounts. */
export interface School {
  readonly timeZone: string
  readonly currency: string
}

export interface Reference {
  readonly model: string
  readonly id: string
  readonly title: string
}

/** One row as screens need it: values by property, and of each reference only its name. */
export interface Row {
  readonly id: string
  readonly title: string
  readonly params: Record<string, unknown>
  readonly references: Record<string, Reference>
  /** Why fields cannot be changed now, by property; only of a record that was read by itself. */
  readonly locked?: Readonly<Record<string, string>>
  /** Where else to look. */
  readonly links?: readonly { readonly label: string; readonly href: string }[]
  /** All its own columns, where the record was read with them; never sent. */
  readonly stored?: Readonly<Record<string, unknown>>
  /** Actions that it refuses as it is now, with the reason. */
  readonly refused?: ReadonlyMap<string, string> | undefined
}

/** How a set of properties is read in one statement: what is selected, what is joined for names, how a row is understood. */
export interface Selection {
  readonly columns: string
  /** How many columns that is. */
  readonly width: number
  /** The columns of the model itself that \`columns\` and \`joins\` use, on the alias \`b\`: a page takes no others. */
  readonly base: readonly string[]
  readonly joins: string
  readonly read: (values: unknown[], school: School) => Row
}

/** @param properties those that the role may see; the alias of the model in the statement is `b` */
export function selectionOf(screens: Screens, screen: Screen, properties: readonly Property[]): Selection {
  const columns: string[] = []
  const joins = new Map<string, Join>()
  const take = (sql: string) => (columns.includes(sql) ? columns.indexOf(sql) : columns.push(sql) - 1)
  const idAt = take('b.id')
  const title = titleReader(screens, screen, { alias: 'b', joins, take })
  const readers = properties.map((property) => propertyReader(screens, property, { joins, take, base: screen }))
  const joined = joinSql(joins, columns)
  return {
    columns: columns.map((sql, index) => `${sql} AS c${index}`).join(', '),
    width: columns.length,
    joins: joined.join(' '),
    base: ['b.id', ...columnsOf('b', [...columns, ...joined]).filter((column) => column !== 'b."id"')],
    read: (values, school) => {
      const id = values[idAt] as string
      const row: Row = { id, title: title(values, id, school), params: {}, references: {} }
      for (const read of readers) read(values, row, school)
      return row
    },
  }
}

interface Join {
  readonly table: string
  readonly on: string
}

interface Frame {
  readonly joins: Map<string, Join>
  readonly take: (sql: string) => number
}

function propertyReader(screens: Screens, property: Property, frame: Frame & { base: Screen }) {
  const alias = property.through ? join(frame, 'b', frame.base.model.name, property.through) : 'b'
  const at = frame.take(columnSql(alias, property))
  if (!property.references)
    return (values: unknown[], row: Row) => void (row.params[property.name] = plain(property, values[at]))
  const target = screenOf(screens, property.references)
  const title = titleReader(screens, target, {
    ...frame,
    alias: join(frame, 'b', frame.base.model.name, property.name),
  })
  return (values: unknown[], row: Row, school: School) => {
    const id = values[at] as string | null
    row.params[property.name] = id
    if (id !== null) row.references[property.name] = { model: target.model.name, id, title: title(values, id, school) }
  }
}

function titleReader(screens: Screens, screen: Screen, frame: Frame & { alias: string }) {
  const parts = screen.title.map((path) => {
    const [relation, column] = path.includes('.') ? (path.split('.') as [string, string]) : [undefined, path]
    const alias = relation ? join(frame, frame.alias, screen.model.name, relation) : frame.alias
    const owner = relation ? screenOf(screens, relationTarget(screen.model.name, relation)) : screen
    const property = owner.properties.find((one) => one.column === column)
    if (!property) throw new Error(`the title of ${screen.model.name} names ${path}, which no screen shows`)
    const currencyAt = property.currency ? frame.take(`${alias}."${property.currency}"`) : undefined
    return { property, at: frame.take(columnSql(alias, property)), currencyAt }
  })
  return (values: unknown[], id: string, school: School): string => {
    const spokenIn = (at: number | undefined) => (at === undefined ? school.currency : String(values[at]))
    const words = parts
      .map(({ property, at, currencyAt }) =>
        spoken(property, values[at], { ...school, currency: spokenIn(currencyAt) }),
      )
      .filter((word) => word !== '')
    if (words.length === 0) return `${screen.singular} ${id.slice(-6)}`
    return parts.every(({ property }) => property.kind === 'number')
      ? `${screen.singular} ${words.join(' · ')}`
      : words.join(' · ')
  }
}

/** What `relation` of `model` refers to, joined once; the composite key keeps it inside the school. */
function join(frame: Frame, alias: string, model: string, relation: string): string {
  const field = fieldOf(modelOf(model), relation)!
  const joined = `${alias}_${relation}`
  const on = field.relationFromFields!.map(
    (from, index) => `${joined}."${field.relationToFields![index]}" ${equals(from)} ${alias}."${from}"`,
  )
  if (tenancyOf(modelOf(field.type)) === 'membership') on.push(tenantCondition(modelOf(field.type), joined, '$1::uuid'))
  if (!frame.joins.has(joined)) frame.joins.set(joined, { table: field.type, on: on.join(' AND ') })
  return joined
}

// the policy compares the school once more: as a second equality PostgreSQL would take the two for twice as selective, and
// walk all of the school's entries in some index for each row, rather than fetch the row by its id
const equals = (column: string): string => (column === 'orgId' ? 'IS NOT DISTINCT FROM' : '=')

/** Each joined row is fetched by its id; OFFSET keeps PostgreSQL from reading all of a school's instead, for a page's 26. */
function joinSql(joins: ReadonlyMap<string, Join>, columns: readonly string[]): string[] {
  const fragments = [...columns, ...[...joins.values()].map(({ on }) => on)]
  return [...joins].map(([alias, { table, on }]) => {
    const used = columnsOf(alias, fragments).join(', ')
    return `LEFT JOIN LATERAL (SELECT ${used} FROM "${table}" ${alias} WHERE ${on} OFFSET 0) ${alias} ON true`
  })
}

function relationTarget(model: string, relation: string): string {
  const field = fieldOf(modelOf(model), relation)
  if (!field?.relationFromFields?.length) {
    throw new Error(`the title of ${model} goes through ${relation}, which is no relation of it`)
  }
  return field.type
}

// calendar days, JSON and exact numbers travel as text: nothing may shift a day, round a number or flatten an object
function columnSql(alias: string, property: Property): string {
  const asText =
    property.kind === 'date' ||
    property.kind === 'json' ||
    property.field.type === 'BigInt' ||
    property.field.type === 'Decimal'
  return `${alias}."${property.column}"${asText ? '::text' : ''}`
}

function plain(property: Property, value: unknown): unknown {
  if (property.masked) return masked(value)
  if (value instanceof Date) return value.toISOString()
  return property.kind === 'time' && typeof value === 'number' ? timeOfDay(value) : value
}

function spoken(property: Property, value: unknown, school: School): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return formatInstant(value, school.timeZone)
  if (property.kind === 'date') return formatDay(value as string)
  if (property.kind === 'money') return formatMoney(Number(value), school.currency)
  return property.kind === 'enum' ? (property.values![String(value)] ?? valueLabel(String(value))) : String(value)
}

const columnsOf = (alias: string, fragments: readonly string[]): string[] => [
  ...new Set(fragments.flatMap((sql) => sql.match(new RegExp(`\\b${alias}\\."\\w+"`, 'g')) ?? [])),
]
