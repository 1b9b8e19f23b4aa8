import { areFew, isServed, staysSmall } from '../../core/indexes.ts'
import { type Model, indexesOf, orderedColumns, tenancyOf, tenantCondition } from '../../core/schema.ts'
import type { Parameters } from './conditions.ts'
import type { Cursor } from './list-request.ts'
import type { Property, Screen } from '../screen.ts'

type Screens = ReadonlyMap<string, Screen>

/** Columns whose order an index has inside a school, so that a sorted page costs the same whatever the size of the table. */
export function sortableColumns(model: Model, properties: readonly Property[]): string[] {
  const ordered = orderedColumns(model)
  const isOrdered = ({ kind, column }: Property) => kind !== 'json' && kind !== 'reference' && ordered.has(column)
  return ['id', ...properties.filter(isOrdered).map((one) => one.name)]
}

/** References whose records' names have an index to walk along, with another one to this model's rows of each. */
export const sortableRelations = (screens: Screens, screen: Screen): string[] =>
  screen.properties.filter((one) => relatedOrder(screens, screen, one) !== undefined).map((one) => one.name)

interface RelatedOrder {
  readonly target: Model
  readonly property: Property
}

function relatedOrder(screens: Screens, screen: Screen, reference: Property): RelatedOrder | undefined {
  // a row that refers to nothing has no place in the order
  if (!reference.references || !reference.field.isRequired) return undefined
  const { model: target, title, properties } = screens.get(reference.references)!
  const property = properties.find((one) => one.column === title[0])
  if (!property || property.masked || property.kind === 'reference' || !property.field.isRequired) return undefined
  const named = indexesOf(target).some(([first, second]) => first === 'orgId' && second === property.column)
  if (tenancyOf(target) !== 'column' || !named) return undefined
  const reached = staysSmall(screen.model) || (isServed(screen.model, reference.column, 'relation') && !areFew(target))
  return reached ? { target, property } : undefined
}

/** The order of a list as SQL. Rows of the same place follow each other by their id. */
export interface Order {
  /** The value that is sorted by, where the rows are found (`b`, and `o` when it is another record's) … */
  readonly value: string
  /** … and in the page that was found. */
  readonly found: string
  /** What it is selected with beside the row's own columns. */
  readonly extra: string
  readonly from: string
  sql(value: string, back: boolean): string
  /** Rows beyond the cursor, in the direction of reading. */
  after(cursor: Cursor, parameters: Parameters): string
}

export function orderOf(
  { screens, screen }: { screens: Screens; screen: Screen },
  { sortBy, direction }: { sortBy: string; direction: 'asc' | 'desc' },
): Order {
  const property = screen.properties.find((one) => one.name === sortBy && one.column !== 'id')
  const related = property && relatedOrder(screens, screen, property)
  const key = related?.property ?? property
  const value = related ? `o."${related.property.column}"` : property ? `b."${property.column}"` : 'b.id'
  const found = related ? 'b.place' : value
  const forward = (back: boolean) => (direction === 'asc') !== back
  return {
    value,
    found,
    extra: related ? `, ${value} AS place` : '',
    from: related
      ? `"${related.target.name}" o JOIN "${screen.model.name}" b ON b."${property.column}" = o.id AND ${tenantCondition(related.target, 'o', '$1::uuid')}`
      : `"${screen.model.name}" b`,
    sql: (by, back) => {
      const way = forward(back) ? 'ASC' : 'DESC'
      return key ? `${by} ${way}, b.id ${way}` : `b.id ${way}`
    },
    after: (cursor, parameters) => beyond({ value, key, sign: forward(cursor.back) ? '>' : '<' }, cursor, parameters),
  }
}

interface Place {
  readonly value: string
  readonly key: Property | undefined
  readonly sign: '>' | '<'
}

/** PostgreSQL orders NULL after every value, ascending, and before every value, descending. */
function beyond({ value, key, sign }: Place, cursor: Cursor, parameters: Parameters): string {
  const id = `${parameters.add(cursor.id)}::uuid`
  if (!key) return `b.id ${sign} ${id}`
  if (cursor.value === null)
    return `(${value} IS NULL AND b.id ${sign} ${id}${sign === '<' ? ` OR ${value} IS NOT NULL` : ''})`
  const at = `${parameters.add(cursor.value)}::${sqlType(key)}`
  // the first condition is one that an index of the other table can be walked by
  const rest = value.startsWith('o.')
    ? `${value} ${sign}= ${at} AND (${value}, b.id) ${sign} (${at}, ${id})`
    : `(${value}, b.id) ${sign} (${at}, ${id})`
  return sign === '>' && !key.field.isRequired ? `(${rest} OR ${value} IS NULL)` : rest
}

export function sqlType(property: Property): string {
  if (property.field.type === 'DateTime') return property.kind === 'date' ? 'date' : 'timestamptz'
  if (property.kind === 'reference' || property.field.nativeType?.[0] === 'Uuid') return 'uuid'
  const types: Record<string, string> = {
    Int: 'int',
    BigInt: 'bigint',
    Decimal: 'numeric',
    Boolean: 'boolean',
    String: 'text',
  }
  return types[property.field.type] ?? `"${property.field.type}"`
}
