import type { Declaration } from '../../core/declaration.ts'
import { type Model, fieldOf, modelOf } from '../../core/schema.ts'
import type { Stored } from './stored.ts'

/** How a model's record is laid out, as it is declared. */
export interface RecordLayout {
  readonly tabs: readonly Tab[]
  readonly related: readonly RelatedList[]
  readonly badges: readonly string[]
  readonly links: readonly Link[]
}

export interface Tab {
  readonly label: string
  readonly properties: readonly string[]
}

/** Records of `model` whose `property` is this one. */
export interface RelatedList {
  readonly name: string
  readonly label: string | undefined
  readonly model: string
  readonly property: string
  readonly columns: readonly string[] | undefined
}

interface Link {
  readonly label: string
  readonly to: (record: Stored) => string | null
}

export function layoutOf(model: Model, declaration: Declaration | undefined): RecordLayout {
  const related = (declaration?.related ?? {}) as Record<string, { label?: string; list?: readonly string[] }>
  const tabs = (declaration?.tabs ?? {}) as Record<string, readonly string[]>
  const links = (declaration?.links ?? {}) as unknown as Record<string, Link['to']>
  return {
    tabs: Object.entries(tabs).map(([label, properties]) => ({ label, properties })),
    related: Object.entries(related).map(([name, one]) => relatedList(model, name, one)),
    badges: (declaration?.badges as readonly string[] | undefined) ?? (fieldOf(model, 'status') ? ['status'] : []),
    links: Object.entries(links).map(([label, to]) => ({ label, to })),
  }
}

function relatedList(model: Model, name: string, one: { label?: string; list?: readonly string[] }): RelatedList {
  const field = fieldOf(model, name)!
  const back = modelOf(field.type).fields.find(
    (other) => other.relationName === field.relationName && other.relationFromFields?.length,
  )
  return { name, label: one.label, model: field.type, property: back?.name ?? '', columns: one.list }
}
