import { type Context, isUuid } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { AppError, conflict, notFound } from '../../core/errors.ts'
import { tenancyOf, tenantCondition } from '../../core/schema.ts'
import { sqlTypeOf } from '../../core/sql-types.ts'
import { Parameters } from '../lists/conditions.ts'
import { isLockable, refuseLocked } from './locks.ts'
import { type Fields, type View, parsed, refuseForeign, told } from './records.ts'
import { type Property, screenOf } from '../screen.ts'
import type { Row, School } from './selection.ts'
import { isSame } from '../values.ts'

/** What a form sends: the fields that were changed, and what each of them said when the form was opened. */
export interface Edit {
  readonly id: string
  readonly payload: Fields
  readonly was: Fields
  readonly school: School
}

/** Somebody else changed the same fields since the form was opened. */
export class EditConflict extends AppError {
  readonly row: Row
  readonly properties: readonly Property[]

  constructor(row: Row, properties: readonly Property[]) {
    super('Conflict', 'Somebody else changed the same fields in the meantime. Choose what is to stay.', {
      code: 'edit_conflict',
    })
    this.row = row
    this.properties = properties
  }
}

const ATTEMPTS = 3

/**
 * Writes the changed fields of a form, each only when it still says what it said when the form was opened: the comparison
 * and the change are one statement, so they see the same row. Only writable fields count.
 * @returns the record as it is now
 * @throws AppError NotFound, EditConflict, or Invalid and Conflict naming the field
 */
export async function updateRecord(ctx: Context, view: View, edit: Edit): Promise<Row> {
  if (!isUuid(edit.id)) throw gone(view)
  const sent = view.properties.filter((one) => one.writable && Object.hasOwn(edit.payload, one.name))
  let values = parsed(sent, edit)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const isBlind = sent.some((one) => isLockable(one) || !Object.hasOwn(edit.was, one.name))
    const seen = isBlind || values.size === 0 ? await look(ctx, view, edit) : undefined
    if (seen) {
      values = differing(values, seen.row)
      refuseLocked(values.keys(), seen.row.locked)
      if (values.size === 0) return seen.row
    }
    // whether a field is locked may depend on any other
    const version = sent.some(isLockable) ? seen?.version : undefined
    const [updated, current] = await told(
      ctx.db.batch(ctx, [updateQuery(ctx, view, { edit, values, version }), readQuery(ctx, view, edit)]),
    )
    if (!current![0]) throw gone(view)
    const row = view.record.read(current![0], edit.school)
    if (updated!.length > 0) return row
    const contested = [...values].filter(([property, value]) => isContested({ property, value }, edit, row))
    if (contested.length > 0)
      throw new EditConflict(
        row,
        contested.map(([property]) => property),
      )
    await refuseForeign(ctx, view, values)
    // what somebody else wrote in the meantime says the same, or is about other fields
    values = differing(values, row)
    if (values.size === 0) return row
  }
  throw conflict('Somebody changed this at the same moment. Try again.')
}

const gone = (view: View): AppError =>
  notFound(`There is no such ${view.screen.singular.toLowerCase()} in your school.`)

const differing = (values: ReadonlyMap<Property, unknown>, row: Row): Map<Property, unknown> =>
  new Map([...values].filter(([property, value]) => !isSame(property, value, row.params[property.name])))

async function look(ctx: Context, view: View, edit: Edit): Promise<{ row: Row; version: string | null }> {
  const [found] = await told(ctx.db.select(ctx, [readQuery(ctx, view, edit)]))
  if (!found![0]) throw gone(view)
  return { row: view.record.read(found![0], edit.school), version: found![0].at(-1) as string | null }
}

/** With the version of the row behind its columns. */
function readQuery(ctx: Context, view: View, { id }: Edit): Query {
  const { screen, record } = view
  return {
    text: `SELECT ${record.columns}, ${versionOf(view)} AS version FROM "${screen.model.name}" b ${record.joins} WHERE ${tenantCondition(screen.model, 'b', '$1::uuid')} AND b.id = $2::uuid`,
    values: [ctx.orgId, id],
    prepared: true,
  }
}

// the app may read some columns of people only, and a row's version is none of them
const versionOf = ({ screen }: View): string =>
  ['column', 'school'].includes(tenancyOf(screen.model)) ? 'b.xmin::text' : 'NULL::text'

interface Update {
  readonly edit: Edit
  readonly values: ReadonlyMap<Property, unknown>
  /** Of the row that locks were looked up in. */
  readonly version: string | null | undefined
}

function updateQuery(ctx: Context, view: View, { edit, values, version }: Update): Query {
  const { model } = view.screen
  const parameters = new Parameters()
  const inSchool = tenantCondition(model, 'b', `${parameters.add(ctx.orgId)}::uuid`)
  const conditions = [`b.id = ${parameters.add(edit.id)}::uuid`, inSchool]
  const sets: string[] = []
  for (const [property, value] of values) {
    sets.push(`"${property.column}" = ${typed(property, parameters.add(forColumn(property, value)))}`)
    if (Object.hasOwn(edit.was, property.name))
      conditions.push(unchanged(property, edit.was[property.name], parameters))
    if (property.references && value !== null) {
      const target = screenOf(view.screens, property.references).model
      const id = `${parameters.add(value)}::uuid`
      conditions.push(
        `EXISTS (SELECT FROM "${target.name}" t WHERE ${tenantCondition(target, 't', '$1::uuid')} AND t.id = ${id})`,
      )
    }
  }
  if (version) conditions.push(`b.xmin::text = ${parameters.add(version)}`)
  const touch = model.fields.find((field) => field.isUpdatedAt)
  if (touch) sets.push(`"${touch.name}" = now()`)
  const text = `UPDATE "${model.name}" b SET ${sets.join(', ')} WHERE ${conditions.join(' AND ')} RETURNING b.id`
  // not prepared: every choice of fields is another statement
  return { text, values: parameters.values }
}

const typed = (property: Property, parameter: string): string => `${parameter}::${sqlTypeOf(property.field)}`

// pg would write a Date in the zone of this machine, and a list as an array of PostgreSQL
function forColumn(property: Property, value: unknown): unknown {
  if (value === null) return null
  if (property.kind === 'json') return JSON.stringify(value)
  if (value instanceof Date) return property.kind === 'date' ? value.toISOString().slice(0, 10) : value.toISOString()
  return value
}

/** The column still says `was`, as the record was shown: forms know no difference between empty and nothing. */
function unchanged(property: Property, was: unknown, parameters: Parameters): string {
  const column = `b."${property.column}"`
  const shown = plainLines(was)
  if (property.field.type === 'String' && property.field.nativeType?.[0] !== 'Uuid') {
    const text = property.kind === 'time' || property.kind === 'enum' ? column : `replace(${column}, E'\\r\\n', E'\\n')`
    return `coalesce(${text}, '') = ${parameters.add(shown ?? '')}::text`
  }
  const stored = property.kind === 'time' && typeof shown === 'string' ? minutes(shown) : shown
  return `${column} IS NOT DISTINCT FROM ${typed(property, parameters.add(stored))}`
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** A form sends an empty field as nothing, and every line's end as two characters. */
const plainLines = (shown: unknown): string | null =>
  shown === null || shown === undefined || shown === '' ? null : String(shown).replaceAll('\r\n', '\n')

/** Whether somebody wrote another value than was shown and than is wanted now. */
function isContested({ property, value }: { property: Property; value: unknown }, { was }: Edit, row: Row): boolean {
  if (!Object.hasOwn(was, property.name)) return false
  const now = plainLines(row.params[property.name])
  const shown = plainLines(was[property.name])
  return now !== shown && !isSame(property, value, row.params[property.name])
}
