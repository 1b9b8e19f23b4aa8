import type { Declaration, FieldRights, Vocabulary, Warning } from '../core/declaration.ts'
import type { Format } from '../core/formats.ts'
import { fieldLabel, modelLabel, plural, valueLabel } from '../core/labels.ts'
import { may, type PanelRole, panelRoles } from '../core/permissions.ts'
import { type Field, type Model, enumValues, fieldOf, modelOf, models, relationOf } from '../core/schema.ts'
import { type Offers, offersOf } from './lists/offers.ts'
import { pathsOf } from './paths.ts'
import { type RecordLayout, layoutOf } from './records/record-layout.ts'
import { sortableColumns, sortableRelations } from './lists/sorting.ts'
import type { Stored } from './records/stored.ts'
import type { Imports } from './transfer/imports.ts'
import { vocabularies } from './vocabulary.ts'

type Words = Record<Vocabulary, Record<string, string>>

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
  | 'decimal'
  | 'boolean'
  | 'longText'
  | 'time'
  | 'id'

/** One value of a record as screens see it: a plain column, or a reference shown by the name of what it points at. */
export interface Property {
  /** `startAt`, or the relation `student`. */
  readonly name: string
  /** The column that stores it: `startAt`, `studentId`. */
  readonly column: string
  readonly kind: Kind
  readonly label: string
  readonly field: Field
  /** The model that a reference points at. */
  readonly references: string | undefined
  /** Words for the values of an enum, or of a column that holds codes. */
  readonly values: Readonly<Record<string, string>> | undefined
  readonly currency: string | undefined
  /** Must be given when a record is made. */
  readonly required: boolean
  readonly writable: boolean
  readonly readers: ReadonlySet<PanelRole>
  /** Who changes it, of those who may edit the model. */
  readonly writers: ReadonlySet<PanelRole>
  /** Who sees only the end of it. */
  readonly maskedFor: ReadonlySet<PanelRole>
  /** Of a role's own property: it sees only the end, and can neither filter, sort, search, change nor export it. */
  readonly masked: boolean
  /** The relation that leads to it: `student.phone` is the student's `phone`. */
  readonly through?: string
  /** Why nobody may change it in a record with these stored values. */
  readonly lockedWhen: ((stored: Stored) => string | false) | undefined
  /** The function of the database that says whether it is locked, and why it is. */
  readonly lockedBy: FieldRights<never>['lockedBy']
  /** What shows it or asks for it in the browser, where that is no component of its kind. */
  readonly components?: { readonly show?: string; readonly edit?: string }
  /** The rule that its text follows. */
  readonly format?: Format
}

/** Everything that the panel knows about a model: the schema's facts and its declaration, put together once at start. */
export interface Screen {
  readonly model: Model
  readonly label: string
  readonly singular: string
  readonly title: readonly string[]
  readonly properties: readonly Property[]
  readonly list: readonly string[]
  /** Columns of other records that the list and its search name. */
  readonly paths: readonly Property[]
  readonly offers: Offers
  /** How its record is laid out. */
  readonly layout: RecordLayout
  /** A new record in one sentence; the other changes of such records are bookkeeping. */
  readonly says: ((stored: Stored, when: (instant: Date) => string) => string | null) | undefined
  /** The search in the top bar looks here too. */
  readonly findable: boolean
  readonly imports: Imports | undefined
  /** What a change does to bookings that are there already, shown before it is saved. */
  readonly warns: Warning<never> | undefined
  readonly sort: { readonly by: string; readonly direction: 'asc' | 'desc' }
  /** Properties that an index leads to inside a school, so that a sorted page costs the same whatever the size of the table. */
  readonly sortable: ReadonlySet<string>
}

export function buildScreens(
  declarations: Declaration[],
  actionWords: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, Screen> {
  const declared = new Map(declarations.map((declaration) => [declaration.model as string, declaration]))
  const singulars = new Map(
    [...models.values()].map((model) => [model.name, declared.get(model.name)?.singular ?? modelLabel(model.name)]),
  )
  const words = vocabularies(singulars, actionWords)
  const screens = new Map(
    [...models.values()].map((model) => [model.name, buildScreen(model, declared.get(model.name), words)]),
  )
  return new Map(
    [...screens].map(([name, screen]) => [
      name,
      {
        ...screen,
        paths: pathsOf(screens, screen, declared.get(name)),
        sortable: new Set([...screen.sortable, ...sortableRelations(screens, screen)]),
      },
    ]),
  )
}

export const propertyOf = (screen: Screen, name: string): Property | undefined =>
  screen.properties.find((one) => one.name === name)

/**
 * The properties that a role may see; everything else does not exist for it: no output, filter, sort or input. A reference
 * to records that it does not see is shown by name, but cannot be chosen.
 */
export function propertiesFor(screen: Screen, role: PanelRole): Property[] {
  const choosable = ({ references }: Property) => references === undefined || may(role, 'read', references)
  return screen.properties
    .filter((property) => property.readers.has(role))
    .map((property) => {
      const masked = property.maskedFor.has(role)
      const writable = property.writable && property.writers.has(role) && !masked && choosable(property)
      return { ...property, masked, writable }
    })
}

function buildScreen(model: Model, declaration: Declaration | undefined, words: Words): Screen {
  const singular = declaration?.singular ?? modelLabel(model.name)
  const properties = model.fields
    .filter((field) => isShown(model, field))
    .map((field) => buildProperty(model, field, { declaration, words }))
  const title = (declaration?.title as readonly string[] | undefined) ?? defaultTitle(model)
  const sort = declaration?.sort ?? { by: 'id', direction: 'desc' as const }
  return {
    model,
    singular,
    label: declaration?.label ?? plural(singular),
    title,
    properties,
    list: (declaration?.list as readonly string[] | undefined) ?? defaultList(properties),
    says: declaration?.says as Screen['says'],
    findable: declaration?.findable ?? false,
    imports: declaration?.import && {
      match: [],
      maker: undefined,
      ...(declaration.import as Partial<Imports> & Pick<Imports, 'columns'>),
    },
    paths: [],
    warns: declaration?.warns,
    offers: offersOf(model, declaration, { properties, title }),
    layout: layoutOf(model, declaration),
    sort,
    sortable: new Set(sortableColumns(model, properties)),
  }
}

// never shown, whoever asks: the school is the frame around every screen, the others are secrets or bookkeeping of machines
const CONCEALED = new Set([
  'orgId',
  'password',
  'tokenHash',
  'linkKey',
  'claim',
  'rotationId',
  'failedLogins',
  'lockedUntil',
  'idempotencyKey',
  'dedupeKey',
  'version',
  'tx',
  'prevHash',
  'hash',
  'salt',
  'digest',
])

const isShown = (model: Model, field: Field): boolean =>
  field.kind !== 'object' &&
  field.kind !== 'unsupported' &&
  field.type !== 'Bytes' &&
  !CONCEALED.has(field.name) &&
  !isPlainRelationOfOrg(model, field)

const isPlainRelationOfOrg = (model: Model, field: Field): boolean => relationOf(model, field.name)?.type === 'Org'

function buildProperty(
  model: Model,
  field: Field,
  { declaration, words }: { declaration: Declaration | undefined; words: Words },
): Property {
  const relation = relationOf(model, field.name)
  const name = relation?.name ?? field.name
  const rights = (declaration?.fields as Record<string, FieldRights<never>> | undefined)?.[field.name]
  const named = (declaration?.values as Record<string, Record<string, string> | Vocabulary> | undefined)?.[field.name]
  const values = typeof named === 'string' ? words[named] : named
  const kind = relation ? 'reference' : values ? 'enum' : kindOf(field)
  const format = (declaration?.formats as Record<string, Format> | undefined)?.[field.name]
  const components = (declaration?.components as Record<string, Property['components']> | undefined)?.[field.name]
  return {
    name,
    column: field.name,
    kind,
    label: (declaration?.labels as Record<string, string> | undefined)?.[name] ?? fieldLabel(name),
    field,
    references: relation?.type,
    values: field.kind === 'enum' ? { ...enumLabels(field.type), ...values } : values,
    currency: kind === 'money' && fieldOf(model, 'currency') ? 'currency' : undefined,
    required: field.isRequired && !field.hasDefaultValue && !field.isUpdatedAt,
    writable: isWritable(field, declaration) && (relation !== undefined || field.nativeType?.[0] !== 'Uuid'),
    readers: new Set(rights?.read ?? panelRoles),
    writers: new Set(rights?.write ?? panelRoles),
    maskedFor: new Set(rights?.mask),
    masked: false,
    lockedWhen: rights?.lockedWhen?.bind(rights) as Property['lockedWhen'],
    lockedBy: rights?.lockedBy,
    ...(components ? { components } : {}),
    ...(format ? { format } : {}),
  }
}

const enumLabels = (type: string): Record<string, string> =>
  Object.fromEntries(enumValues(type).map((value) => [value, valueLabel(value)]))

const DERIVED =
  /^(id|createdAt|updatedAt|seq|stripe.*|verifiedBy.*|verifiedAt|anonymisedAt|lastLoginAt|externalId|platformRole|minutesLeft|valueLeft)$/

function isWritable(field: Field, declaration: Declaration | undefined): boolean {
  if (DERIVED.test(field.name) || field.isId || field.isUpdatedAt) return false
  const listed = declaration?.write as readonly string[] | undefined
  return listed ? listed.includes(field.name) : true
}

function kindOf(field: Field): Kind {
  if (field.isId) return 'id'
  if (field.kind === 'enum') return 'enum'
  const byType: Record<string, () => Kind> = {
    DateTime: () => (field.nativeType?.[0] === 'Date' ? 'date' : 'datetime'),
    Json: () => 'json',
    Boolean: () => 'boolean',
    Decimal: () => 'decimal',
    Int: () => numberKind(field.name),
    BigInt: () => 'number',
    String: () => textKind(field),
  }
  return byType[field.type]?.() ?? 'text'
}

function numberKind(name: string): Kind {
  if (/Cents$|^value(Left)?$/.test(name)) return 'money'
  if (name.endsWith('Bps')) return 'basisPoints'
  return /Min$|[mM]inutes(Left)?$/.test(name) ? 'minutes' : 'number'
}

function textKind(field: Field): Kind {
  if (field.nativeType?.[0] === 'Uuid') return 'id'
  if (/^(notes?|body|description|reason|.*Reason|lastError|error)$/.test(field.name)) return 'longText'
  return /(start|end)Time$/i.test(field.name) ? 'time' : 'text'
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

/** The column that names a record best; records without one are named by their model and the end of their id. */
function defaultTitle(model: Model): string[] {
  const name = NAMES.find((candidate) => fieldOf(model, candidate))
  return name ? [name] : []
}

const QUIET = new Set<Kind>(['id', 'json', 'longText'])

function defaultList(properties: Property[]): string[] {
  const bookkeeping = (one: Property) => one.name === 'updatedAt' || one.name === 'createdAt' || one.name === 'currency'
  const telling = properties.filter((one) => !QUIET.has(one.kind) && !bookkeeping(one))
  return [
    ...telling.slice(0, 7).map((one) => one.name),
    ...(properties.some((one) => one.name === 'createdAt') ? ['createdAt'] : []),
  ]
}

/** @throws Error when the model has no screen: a mistake of ours, not of a user. */
export function screenOf(screens: ReadonlyMap<string, Screen>, name: string): Screen {
  const screen = screens.get(name)
  if (!screen) throw new Error(`no screen for ${modelOf(name).name}`)
  return screen
}
