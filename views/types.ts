import type { ActionJSON, BasePropertyJSON, RecordJSON as StockRecord, PropertyJSON, ResourceJSON } from 'adminjs'

export type { ActionJSON, BasePropertyJSON, PropertyJSON, ResourceJSON }

/** A record as our server sends it: of a reference its name, of its actions the names (see `actionsNamed`). */
export interface RecordJSON {
  id: string
  title: string
  params: StockRecord['params']
  populated: Record<string, { id: string; title: string } | null | undefined>
  errors?: StockRecord['errors']
  baseError?: StockRecord['baseError']
  recordActions: string[]
  bulkActions: string[]
}

export type Kind =
  | 'money'
  | 'datetime'
  | 'date'
  | 'json'
  | 'enum'
  | 'reference'
  | 'minutes'
  | 'basisPoints'
  | 'text'
  | 'number'
  | 'boolean'
  | 'longText'
  | 'time'

export type Tone = 'info' | 'success' | 'danger' | 'warning' | 'default'

/** What the panel tells the screens about a property, in `property.custom`. */
export interface PropertyFacts {
  kind?: Kind
  /** Path of the sibling property that holds the currency code of a money property. */
  currency?: string
  labels?: Record<string, string>
  tones?: Record<string, Tone>
  unit?: string
  help?: string
  /** What a new record starts with, in the form it is stored: the form shows it before anything is typed. */
  initial?: boolean | number | string
  /** The records it refers to are not for this role: it can be read, not chosen. */
  closed?: boolean
}

export type Where = 'list' | 'show' | 'edit' | 'filter'

export type Change = (path: string, value: unknown, selected?: RecordJSON) => void

/** What every property component gets, from our screens and from AdminJS's own. */
export interface PropertyProps {
  property: PropertyJSON | BasePropertyJSON
  resource: ResourceJSON
  where: Where
  record?: RecordJSON
  filter?: Record<string, string>
  onChange?: Change
}

export interface Notice {
  message: string
  type?: string
  options?: Record<string, unknown>
  resourceId?: string
}

export interface ListMeta {
  total: number
  totalIsCapped?: boolean
  perPage: number
  page: number
  direction?: 'asc' | 'desc'
  sortBy?: string
  next?: string | null
  previous?: string | null
}

export interface ListResponse {
  meta: ListMeta
  records: RecordJSON[]
  notice?: Notice
}

export interface RecordResponse {
  record?: RecordJSON
  notice?: Notice
  redirectUrl?: string
}

export interface BulkResponse {
  records?: RecordJSON[]
  notice?: Notice
  redirectUrl?: string
}

export const factsOf = (property: BasePropertyJSON): PropertyFacts => property.custom

/** Where the value of a property sits in a record. Base properties know it as `propertyPath`. */
export const pathOf = (property: PropertyJSON | BasePropertyJSON): string =>
  'path' in property && property.path ? property.path : property.propertyPath
