import type { Declaration, Filters, Scope as DeclaredScope } from '../../core/declaration.ts'
import { type Question, isServed } from '../../core/indexes.ts'
import { type Model, fieldOf } from '../../core/schema.ts'
import { isFoundQuickly } from '../../core/search-indexes.ts'
import type { Kind, Property, Screen } from '../screen.ts'

export const FILTERS = ['range', 'multi', 'flag', 'null', 'relation'] as const
export type FilterKind = (typeof FILTERS)[number]

/** A tab of a list. */
export interface Scope {
  /** In the address. */
  readonly name: string
  readonly label: string
  readonly where: readonly { readonly column: string; readonly values: readonly unknown[] }[]
  readonly counted: boolean
}

/** What a list can be asked for: names of properties by the kind of filter, paths of text, tabs. */
export interface Offers extends Readonly<Record<FilterKind, readonly string[]>> {
  readonly search: readonly string[]
  readonly scopes: readonly Scope[]
}

/** What the declaration names; where it names no filter, all that the database answers quickly. */
export function offersOf(
  model: Model,
  declaration: Declaration | undefined,
  parts: Pick<Screen, 'properties' | 'title'>,
): Offers {
  const filters = declaration?.filters as Filters<never> | undefined
  const named = (kind: FilterKind) =>
    (filters?.[kind] ?? []).flatMap(
      (column) => parts.properties.find((one) => one.column === column || one.name === column)?.name ?? [],
    )
  // where to search says nothing about what to filter by
  const isNamed = Object.keys(filters ?? {}).some((kind) => kind !== 'search')
  const offered = (kind: FilterKind) => (isNamed ? named(kind) : generated(model, parts.properties, kind))
  return {
    range: offered('range'),
    multi: offered('multi'),
    flag: offered('flag'),
    null: offered('null'),
    relation: offered('relation'),
    search: (filters?.search ?? quick(model, parts.title)).filter((path) => isText(model, path, parts)),
    scopes: Object.entries(declaration?.scopes ?? {}).map(([label, scope]) =>
      scopeOf(label, scope as DeclaredScope<never>),
    ),
  }
}

/** The same without what these properties, those of one role, do not have or show only the end of. */
export function offersFor(offers: Offers, properties: readonly Property[], paths: readonly Property[]): Offers {
  const open = properties.filter((one) => !one.masked)
  const names = new Set([...open, ...paths].map((one) => one.name))
  const columns = new Set(open.map((one) => one.column))
  const kept = (kind: FilterKind) => offers[kind].filter((name) => names.has(name))
  return {
    range: kept('range'),
    multi: kept('multi'),
    flag: kept('flag'),
    null: kept('null'),
    relation: kept('relation'),
    search: offers.search.filter((path) => (path.includes('.') ? names.has(path) : columns.has(path))),
    scopes: offers.scopes.filter((scope) => scope.where.every(({ column }) => columns.has(column))),
  }
}

const RANGES = new Set<Kind>(['money', 'datetime', 'date', 'minutes', 'basisPoints', 'number', 'decimal'])
// nobody looks through a list of choices longer than this
const MAX_CHOICES = 60

const fits: Record<FilterKind, (property: Property) => boolean> = {
  range: ({ kind }) => RANGES.has(kind),
  multi: ({ kind, values = {} }) =>
    kind === 'enum' && Object.keys(values).length > 0 && Object.keys(values).length <= MAX_CHOICES,
  flag: ({ kind }) => kind === 'boolean',
  null: ({ field, kind }) => !field.isRequired && kind !== 'json',
  relation: ({ kind }) => kind === 'reference',
}

const questions: Record<FilterKind, Question> = {
  range: 'range',
  multi: 'multi',
  flag: 'flag',
  null: 'null',
  relation: 'relation',
}

const generated = (model: Model, properties: readonly Property[], kind: FilterKind): string[] =>
  properties.filter((one) => fits[kind](one) && isServed(model, one.column, questions[kind])).map((one) => one.name)

const quick = (model: Model, paths: readonly string[]) => paths.filter((path) => isFoundQuickly(model, path))

function isText(model: Model, path: string, { properties }: Pick<Screen, 'properties'>): boolean {
  if (path.includes('.')) return true
  return fieldOf(model, path)?.type === 'String' && properties.some((one) => one.column === path && one.kind !== 'id')
}

function scopeOf(label: string, { where, count }: DeclaredScope<never>): Scope {
  const conditions = Object.entries(where as Record<string, unknown>)
  return {
    name: label
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, ''),
    label,
    where: conditions.map(([column, wanted]) => ({ column, values: Array.isArray(wanted) ? wanted : [wanted] })),
    counted: count ?? false,
  }
}
