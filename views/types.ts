import type {
  ActionJSON,
  BasePropertyJSON,
  RecordJSON as StockRecord,
  PropertyJSON,
  ResourceJSON as StockResource,
} from 'adminjs'

export type { ActionJSON, BasePropertyJSON, PropertyJSON }

/** A resource as AdminJS describes it, with what our panel adds (src/admin/panel-facts.ts). */
export type ResourceJSON = StockResource & { panel?: PanelFacts }

export interface PanelFacts {
  /** The list has a field to search in. */
  searchable: boolean
  scopes: { name: string; label: string; counted: boolean }[]
  /** Properties by the kind of filter that they have. */
  filters: Record<'range' | 'multi' | 'flag' | 'null' | 'relation', string[]>
  /** All that may be chosen for the list. */
  columns: string[]
  sorts: string[]
  /** Records may be made of the rows of a file. */
  canImport: boolean
  /** The record's fields in groups. */
  tabs: { label: string; properties: string[] }[]
  related: RelatedFacts[]
  /** Properties beside the record's title. */
  badges: string[]
}

/** Records that refer to this one. */
export interface RelatedFacts {
  name: string
  label: string
  resourceId: string
  property: string
  columns: string[]
}

const noFacts: PanelFacts = {
  searchable: false,
  scopes: [],
  filters: { range: [], multi: [], flag: [], null: [], relation: [] },
  columns: [],
  sorts: [],
  canImport: false,
  tabs: [],
  related: [],
  badges: [],
}

export const panelOf = (resource: ResourceJSON): PanelFacts => resource.panel ?? noFacts

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
  /** Why fields cannot be changed now, by property. */
  locked?: Readonly<Record<string, string>>
  /** Where else to look. */
  links?: readonly { label: string; href: string }[]
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
  /** Of a column of another record, whose path AdminJS's translations cannot hold: "Student’s phone". */
  label?: string
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
  /** An estimate, where the count stopped at its cap. */
  about?: number
}

export interface ListResponse {
  meta: ListMeta
  records: RecordJSON[]
  notice?: Notice
}

/** What a change would do to bookings that are there already; nothing is saved before it is agreed to. */
export interface Asked {
  sentence: string
  total: number
  shown: { title: string; why: string; href: string }[]
  /** What says, sent along, that all of it was seen. */
  agreed: string
}

export interface RecordResponse {
  asked?: Asked
  /** Fields that somebody else changed while the form was open. */
  conflict?: ContestedField[]
  record?: RecordJSON
  notice?: Notice
  redirectUrl?: string
}

/** A field that two people changed: what the other one wrote, and what was typed here, in words. */
export interface ContestedField {
  property: string
  label: string
  theirs: string | null
  yours: string | null
  /** Theirs as the record holds it. */
  value: unknown
  reference: { id: string; title: string } | null
  by: string | null
  at: string | null
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
