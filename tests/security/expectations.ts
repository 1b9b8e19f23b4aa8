import type { Declaration } from '../../src/core/declaration.ts'
import { discover } from '../../src/core/discover.ts'
import { type PanelRole, may } from '../../src/core/permissions.ts'
import { type Field, type Model, fieldOf, modelOf, models, relationOf } from '../../src/core/schema.ts'

/**
 * What each role may read and write, put together here once more from the schema, the declarations and the permission
 * table, so that the panel's own reading of them is checked and not repeated.
 */
export interface Expectations {
  /** Columns that the role may see of a model that it may read. */
  readonly readable: (role: PanelRole, model: Model) => Field[]
  /** Columns that the role may change or give, if it may change or add records of the model at all. */
  readonly writable: (role: PanelRole, model: Model) => Field[]
  /** Of those that it reads, the columns of which the role sees only the end. */
  readonly masked: (role: PanelRole, model: Model) => Field[]
  /** The columns that a record with these values lets nobody change. */
  readonly locked: (model: Model, values: Readonly<Record<string, unknown>>) => Set<string>
  /** Whether a text of this column may stand in an answer to the role, as a value or in the name of a record. */
  readonly mayShow: (role: PanelRole, place: string) => boolean
}

/** Shown to nobody, writable by nobody. */
export const SECRETS: ReadonlySet<string> = new Set([
  'User.password',
  'User.failedLogins',
  'User.lockedUntil',
  'Lesson.tokenHash',
  'RefreshToken.tokenHash',
  'RefreshToken.rotationId',
  'Booking.idempotencyKey',
  'Refund.idempotencyKey',
  'TransferReversal.idempotencyKey',
  'LedgerTransaction.idempotencyKey',
  'ActionRun.idempotencyKey',
  'StripeCall.idempotencyKey',
  'AuditLog.tx',
  'AuditLog.prevHash',
  'AuditLog.hash',
  'AuditSeal.hash',
])

/** Written by the program only, whoever asks. */
const DERIVED =
  /^(id|orgId|createdAt|updatedAt|version|seq|platformRole|externalId|lastLoginAt|stripe\w+|verified\w+|anonymisedAt)$/

interface Rights {
  readonly read?: readonly PanelRole[]
  readonly write?: readonly PanelRole[]
  readonly mask?: readonly PanelRole[]
  readonly lockedWhen?: (values: object) => string | false
}

export async function expectations(): Promise<Expectations> {
  const found = await discover<Declaration>('resources')
  const declarations = new Map(found.map(({ value }) => [value.model as string, value]))
  const declared = (model: Model) => declarations.get(model.name)
  const rightsOn = (model: Model, column: string): Rights =>
    (declared(model)?.fields as Record<string, Rights> | undefined)?.[column] ?? {}
  const reads = (role: PanelRole, model: Model, column: string) => rightsOn(model, column).read?.includes(role) ?? true
  const isMasked = (role: PanelRole, model: Model, column: string) =>
    rightsOn(model, column).mask?.includes(role) ?? false

  const readable = (role: PanelRole, model: Model): Field[] =>
    model.fields.filter((field) => {
      if (field.kind === 'object' || field.name === 'orgId' || SECRETS.has(`${model.name}.${field.name}`)) return false
      return reads(role, model, field.name)
    })

  const writable = (role: PanelRole, model: Model): Field[] => {
    const listed = declared(model)?.write as readonly string[] | undefined
    // who does not see the records that a column refers to cannot choose one; an id that no relation checks is nobody's to write
    const choosable = (field: Field) => {
      const target = relationOf(model, field.name)?.type
      return target === undefined ? field.nativeType?.[0] !== 'Uuid' : may(role, 'read', target)
    }
    return readable(role, model).filter(
      (field) =>
        (listed?.includes(field.name) ?? true) &&
        (rightsOn(model, field.name).write?.includes(role) ?? true) &&
        !isMasked(role, model, field.name) &&
        !DERIVED.test(field.name) &&
        choosable(field),
    )
  }

  // names of records are shown wherever they are referred to
  const titles = new Set([...models.values()].flatMap((model) => titleOf(model, declared(model)?.title)))

  return {
    readable,
    writable,
    masked: (role, model) => readable(role, model).filter(({ name }) => isMasked(role, model, name)),
    locked: (model, values) =>
      new Set(model.fields.map(({ name }) => name).filter((name) => rightsOn(model, name).lockedWhen?.(values))),
    mayShow: (role, place) => {
      const [name = '', column = ''] = place.split('.')
      const model = models.get(name)
      if (!model) return false
      if (!reads(role, model, column) || isMasked(role, model, column)) return false
      return (
        titles.has(place) || (may(role, 'read', name) && readable(role, model).some((field) => field.name === column))
      )
    },
  }
}

const NAMES = [
  'fullName',
  'displayName',
  'name',
  'number',
  'rego',
  'subject',
  'key',
  'templateKey',
  'topic',
  'eventType',
  'action',
  'address',
  'kind',
]

/** The columns, as `Model.column`, that a record's name is made of. */
function titleOf(model: Model, title: readonly string[] | undefined): string[] {
  const usual = NAMES.find((name) => fieldOf(model, name))
  return (title ?? (usual ? [usual] : [])).map((path) => {
    const [relation, column] = path.split('.') as [string, string | undefined]
    return column === undefined ? `${model.name}.${path}` : `${modelOf(fieldOf(model, relation)!.type).name}.${column}`
  })
}

/** A column as the panel calls it: `studentId` is `student`. */
export const propertyName = (model: Model, column: string): string => relationOf(model, column)?.name ?? column
