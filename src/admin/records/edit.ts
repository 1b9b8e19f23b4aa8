import type { Context } from '../../core/context.ts'
import { AppError } from '../../core/errors.ts'
import { formatInstant } from '../../core/time.ts'
import { type Call, type Fields, type Refused, listUrl, refused, success } from '../call.ts'
import { Names } from './names.ts'
import { recordJson } from './record-json.ts'
import { type View, parsed, readRecord } from './records.ts'
import type { Property } from '../screen.ts'
import type { Reference, Row, School } from './selection.ts'
import { EditConflict, updateRecord } from './update.ts'
import { warnOfEdit } from './warn-of-form.ts'
import { inWords } from '../words.ts'

interface Answer extends Refused {
  redirectUrl?: string
  conflict?: ContestedField[]
}

/** A field that two people changed: what the other one wrote, and what was typed here. */
export interface ContestedField {
  readonly property: string
  readonly label: string
  readonly theirs: string | null
  readonly yours: string | null
  /** Theirs as the record holds it, and the name of what it refers to: for going on with it. */
  readonly value: unknown
  readonly reference: Reference | null
  readonly by: string | null
  readonly at: string | null
}

const WAS = 'was.'

/** Saves a form of a record; what two people changed differently comes back as a question. */
export async function edited(call: Call, id: string): Promise<Answer> {
  const { ctx, resource, school } = call
  const entries = Object.entries(call.payload)
  const was: Fields = Object.fromEntries(
    entries.filter(([name]) => name.startsWith(WAS)).map(([name, value]) => [name.slice(WAS.length), value]),
  )
  try {
    await warnOfEdit(call, id)
    const row = await updateRecord(ctx, resource.view, { id, payload: call.payload, was, school })
    return {
      record: recordJson(resource, row),
      redirectUrl: `${listUrl(call)}/records/${id}/show`,
      notice: success(`${row.title} is saved.`),
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'NotFound') throw error
    if (!(error instanceof EditConflict)) return refused(call, await readRecord(ctx, resource.view, id, school), error)
    return { ...refused(call, error.row, error), conflict: await contested(call, error) }
  }
}

async function contested(call: Call, { row, properties }: EditConflict): Promise<ContestedField[]> {
  const { ctx, resource, school } = call
  const typed = parsed(properties, call)
  const names = new Names()
  for (const [property, value] of typed) if (property.references) names.want(property.references, value)
  const [changes] = await Promise.all([
    lastChanges(ctx, resource.view, { row, properties }),
    names.look(ctx, resource.view.screens, school),
  ])
  return properties.map((property): ContestedField => {
    const change = changes.get(property.column)
    const reference = row.references[property.name] ?? null
    const value = row.params[property.name]
    const own = { ...school, currency: String(row.params[property.currency ?? ''] ?? school.currency) }
    return {
      property: property.name,
      label: property.label,
      theirs: reference ? reference.title : inWords(property, value, own),
      yours: property.references
        ? (names.get(property.references, typed.get(property))?.title ?? null)
        : inWords(property, typed.get(property), own),
      value,
      reference,
      by: change?.by ?? null,
      at: change ? spokenTime(change.at, school) : null,
    }
  })
}

const spokenTime = (at: Date, school: School): string => formatInstant(at, school.timeZone)

interface LastChange {
  readonly by: string | null
  readonly at: Date
}

/** Who changed each of the columns last, and when. */
async function lastChanges(
  ctx: Context,
  view: View,
  { row, properties }: { row: Row; properties: readonly Property[] },
): Promise<Map<string, LastChange>> {
  const text = `SELECT DISTINCT ON (changed.name) changed.name, u."fullName", a."createdAt"
    FROM "AuditLog" a CROSS JOIN unnest($4::text[]) changed(name) LEFT JOIN "User" u ON u.id = a."actorUserId"
    WHERE a."orgId" = $1::uuid AND a."entityType" = $2 AND a."entityId" = $3 AND a.after ? changed.name
    ORDER BY changed.name, a.seq DESC`
  const columns = properties.map((property) => property.column)
  const [rows] = await ctx.db.select(ctx, [{ text, values: [ctx.orgId, view.screen.model.name, row.id, columns] }])
  return new Map(rows!.map(([name, by, at]) => [name as string, { by: by as string | null, at: at as Date }]))
}
