import { Resource } from '@adminjs/prisma'
import { type ActionContext, BaseProperty, BaseRecord, type PropertyType } from 'adminjs'
import { currentContext } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import { datamodel } from '../core/schema.ts'
import type { CurrentAdmin } from './current-admin.ts'
import type { PanelRole } from '../core/permissions.ts'
import { withRefusals } from './actions/subjects.ts'
import { withoutHidden } from './records/audit-values.ts'
import { recordJson } from './records/record-json.ts'
import { type View, readRecord, readRecords } from './records/records.ts'
import type { Property } from './screen.ts'
import type { Row, School } from './records/selection.ts'

/**
 * A model as AdminJS knows it, for one role. It reads through the tenant's connection only; whatever else the stock
 * resource could do is closed: lists and writes go through the handlers in this folder.
 */
export class TenantResource extends Resource {
  readonly view: View
  /** Whether a reference may be followed: the role sees the model it points at. */
  readonly visible: (model: string) => boolean
  private readonly panelProperties: ReadonlyMap<string, PanelProperty> | undefined

  constructor(view: View, visible: (model: string) => boolean) {
    const { model } = view.screen
    const clientModule = { Prisma: { dmmf: { datamodel } } }
    // the stock resource asks for a client; it gets none that could reach the database
    const closed = { [model.name.charAt(0).toLowerCase() + model.name.slice(1)]: {} }
    super({ model, client: closed, clientModule } as unknown as ConstructorParameters<typeof Resource>[0])
    this.view = view
    this.visible = visible
    this.panelProperties = new Map(
      [...view.properties, ...view.paths].map((property, position) => [
        property.name,
        new PanelProperty(property, position, visible),
      ]),
    )
  }

  override properties(): never[] {
    // the stock constructor asks before there are any
    return [...(this.panelProperties?.values() ?? [])] as never[]
  }

  override property(path: string): never {
    return (this.panelProperties?.get(path) ?? null) as never
  }

  override async findOne(id: string | number, context?: ActionContext): Promise<BaseRecord> {
    // a form that is sent needs no record to be read before it is written
    if (context?.action?.name === 'edit') return new PanelRecord(unread(String(id)), this)
    const read = await readRecord(currentContext(), this.view, String(id), schoolOf(context))
    const row = await withRefusals(currentContext(), this.view, read)
    const { role } = context!.currentAdmin as unknown as { role: PanelRole }
    const isAudit = this.view.screen.model.name === 'AuditLog'
    return new PanelRecord(isAudit ? withoutHidden(row, this.view.screens, role) : row, this)
  }

  /** The records of a bulk action. For references AdminJS gets nothing: their names were read with the record. */
  override async findMany(ids: (string | number)[], context?: ActionContext): Promise<BaseRecord[]> {
    const isSelection = context?.resource === (this as unknown) && context?.action.isBulkType()
    if (!isSelection) return []
    const rows = await readRecords(currentContext(), this.view, ids.map(String), schoolOf(context))
    if (rows.length !== new Set(ids).size)
      throw notFound('One of these records is no longer there. Load the list again.')
    return rows.map((row) => new PanelRecord(row, this))
  }

  override count(): Promise<never> {
    return closed('count')
  }
  override find(): Promise<never> {
    return closed('find')
  }
  override create(): Promise<never> {
    return closed('create')
  }
  override update(): Promise<never> {
    return closed('update')
  }
  override delete(): Promise<never> {
    return closed('delete')
  }
}

// AdminJS hands on who is signed in with every call that reaches a resource
const schoolOf = (context: ActionContext | undefined): School =>
  (context!.currentAdmin as unknown as CurrentAdmin).school

const unread = (id: string): Row => ({ id, title: '', params: {}, references: {} })

const closed = (way: string): Promise<never> => Promise.reject(new Error(`the stock way to ${way} records is closed`))

/** A record with the names of what it refers to; its JSON holds no more than the role may see. */
export class PanelRecord extends BaseRecord {
  readonly row: Row

  constructor(row: Row, resource: TenantResource) {
    super({ id: row.id }, resource)
    this.row = row
  }

  override id(): string {
    return this.row.id
  }

  override toJSON(): ReturnType<BaseRecord['toJSON']> {
    return recordJson(this.resource as TenantResource, this.row) as unknown as ReturnType<BaseRecord['toJSON']>
  }
}

const types: Partial<Record<Property['kind'], PropertyType>> = {
  reference: 'reference',
  datetime: 'datetime',
  date: 'date',
  boolean: 'boolean',
  longText: 'textarea',
  number: 'number',
  minutes: 'number',
  basisPoints: 'number',
  money: 'number',
}

class PanelProperty extends BaseProperty {
  readonly #property: Property
  readonly #position: number
  readonly #visible: (model: string) => boolean

  constructor(property: Property, position: number, visible: (model: string) => boolean) {
    super({ path: property.name, isId: property.kind === 'id' && property.name === 'id', position })
    this.#property = property
    this.#position = position
    this.#visible = visible
  }

  override type(): PropertyType {
    return this.#property.kind === 'reference' && this.reference() === null
      ? 'string'
      : (types[this.#property.kind] ?? 'string')
  }
  override reference(): string | null {
    const model = this.#property.references
    return model !== undefined && this.#visible(model) ? model : null
  }
  override isEditable(): boolean {
    return this.#property.writable
  }
  override isRequired(): boolean {
    return this.#property.required
  }
  override isSortable(): boolean {
    return false
  }
  override position(): number {
    return this.#position
  }
}
