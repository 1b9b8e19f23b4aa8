import type { Context } from '../../core/context.ts'
import { fieldOf } from '../../core/schema.ts'
import { masked } from './masking.ts'
import { Names } from './names.ts'
import type { View } from './records.ts'
import type { Property } from '../screen.ts'
import type { School } from './selection.ts'
import { inWords } from '../words.ts'

type Values = Readonly<Record<string, unknown>>

/** A row of the audit log about a record: of an update only what changed. */
export interface AuditRow {
  readonly entityType: string
  readonly entityId: string
  /** `student.update`; what is no change of a record, like a sign-in, is left out. */
  readonly action: string
  readonly before: Values | null
  readonly after: Values | null
}

export type ChangeKind = 'new' | 'edit' | 'delete'

/** What happened to one record, as a manager reads it. */
export interface Change {
  readonly model: string
  /** "Student". */
  readonly singular: string
  readonly id: string
  readonly title: string
  readonly kind: ChangeKind
  readonly fields: readonly FieldChange[]
}

export interface FieldChange {
  readonly property: string
  readonly label: string
  readonly before: string | null
  readonly after: string | null
}

const kinds: Readonly<Record<string, ChangeKind>> = { create: 'new', update: 'edit', delete: 'delete' }

export const changeKindOf = (action: string): ChangeKind | undefined => kinds[action.split('.').at(-1) ?? '']

/**
 * What `audited` means for people of a role, in the order given: names instead of ids, amounts, the school's times. Only
 * of models and properties that the role may read; masked ones stay masked.
 * @param views what the role sees
 */
export async function describeChanges(
  ctx: Context,
  views: ReadonlyMap<string, View>,
  audited: readonly AuditRow[],
  school: School,
): Promise<Change[]> {
  const each = await describeEach(ctx, { views, school }, audited)
  return each.flatMap((change) => change ?? [])
}

/** The same, with undefined in the place of what the role does not see. */
export async function describeEach(
  ctx: Context,
  { views, school }: { views: ReadonlyMap<string, View>; school: School },
  audited: readonly AuditRow[],
): Promise<(Change | undefined)[]> {
  const names = new Names()
  const seen = audited.map((row) => {
    const view = views.get(row.entityType)
    const kind = changeKindOf(row.action)
    return view && kind ? { row, view, kind, names } : undefined
  })
  const shown = seen.filter((one) => one !== undefined)
  for (const { row, view } of shown) wantNames(names, view, row)
  const screens = shown[0]?.view.screens
  if (screens) await names.look(ctx, screens, school)
  for (const { row, view } of shown) nameFromItself(names, view, row, school)
  return seen.map((one) => {
    const change = one && changeOf(one, school)
    // only columns that the role does not see
    return change?.kind === 'edit' && change.fields.length === 0 ? undefined : change
  })
}

function wantNames(names: Names, view: View, row: AuditRow): void {
  names.want(row.entityType, row.entityId)
  for (const property of touched(view, row))
    if (property.references) {
      names.want(property.references, row.before?.[property.column])
      names.want(property.references, row.after?.[property.column])
    }
}

interface Seen {
  readonly row: AuditRow
  readonly view: View
  readonly kind: ChangeKind
  readonly names: Names
}

function changeOf({ row, view, kind, names }: Seen, school: School): Change {
  const { screen } = view
  const named = names.get(row.entityType, row.entityId)
  const spoken = { ...school, currency: currencyOf(row) ?? named?.currency ?? school.currency }
  return {
    model: row.entityType,
    singular: screen.singular,
    id: row.entityId,
    title: named?.title ?? screen.singular,
    kind,
    fields: touched(view, row).map((property) => ({
      property: property.name,
      label: property.label,
      before: said(property, row.before?.[property.column], { names, school: spoken }),
      after: said(property, row.after?.[property.column], { names, school: spoken }),
    })),
  }
}

// ids of people without a name to show, and what the machine notes for itself
const QUIET = new Set(['id', 'createdAt', 'updatedAt'])

function touched(view: View, { before, after, action }: AuditRow): Property[] {
  const isUpdate = changeKindOf(action) === 'edit'
  // a new record says what it has: nothing of what is empty, or counts from zero
  const isBlank = (value: unknown, { field }: Property) => value === null || (value === 0 && field.hasDefaultValue)
  const holds = (values: Values | null, property: Property) =>
    values !== null &&
    Object.hasOwn(values, property.column) &&
    (isUpdate || !isBlank(values[property.column], property))
  return view.properties
    .filter((one) => one.kind !== 'id' && !QUIET.has(one.name) && !(one.name === 'currency' && !isUpdate))
    .filter((property) => holds(before, property) || holds(after, property))
}

function said(property: Property, value: unknown, by: { names: Names; school: School }): string | null {
  if (property.references && value !== null && value !== undefined)
    return by.names.get(property.references, value)?.title ?? 'One that is no longer there'
  const words = inWords(property, value, by.school)
  return property.masked ? masked(words) : words
}

/** A record that was deleted, or whose making was only tried, is named by what the audit row says. */
function nameFromItself(names: Names, view: View, row: AuditRow, school: School): void {
  const values = row.after ?? row.before
  if (names.get(row.entityType, row.entityId) || !values || changeKindOf(row.action) === 'edit') return
  const { screen } = view
  const currency = currencyOf(row)
  const words = screen.title.map((path) => {
    const [relation, column] = path.split('.') as [string, string | undefined]
    const field = fieldOf(screen.model, relation)
    if (column !== undefined && field)
      return names.get(field.type, values[field.relationFromFields?.[0] ?? ''])?.title ?? null
    const property = screen.properties.find((one) => one.column === path)
    return property ? inWords(property, values[path], { ...school, currency: currency ?? school.currency }) : null
  })
  const title = words.filter((word) => word !== null).join(' · ') || screen.singular
  names.set(row.entityType, row.entityId, { title, currency })
}

const currencyOf = ({ before, after }: AuditRow): string | undefined =>
  (after?.currency ?? before?.currency) as string | undefined
