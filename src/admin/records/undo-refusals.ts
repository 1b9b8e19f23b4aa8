import type { Context } from '../../core/context.ts'
import type { Transaction } from '../../core/db.ts'
import { conflict, forbidden } from '../../core/errors.ts'
import { type PanelRole, decide } from '../../core/permissions.ts'
import { tenantCondition } from '../../core/schema.ts'
import { formatInstant } from '../../core/time.ts'
import { type AuditRow, changeKindOf } from './changes.ts'
import { lockedIn } from './locks.ts'
import type { View } from './records.ts'
import type { School } from './selection.ts'
import { type Stored, storedColumn, storedFields, storedValue } from './stored.ts'
import { neverUndone } from './undo-rules.ts'

export interface Undoing {
  /** What the role sees. */
  readonly views: ReadonlyMap<string, View>
  readonly role: PanelRole
  readonly school: School
  /** The request whose changes are taken back. */
  readonly request: string
}

export interface Entry extends AuditRow {
  readonly reason: string | null
  readonly seq: number
  readonly at: Date
  readonly who: string | null
}

/** A record that the request changed: what its columns said before it, and after it. */
export interface Reversal {
  readonly id: string
  readonly seq: number
  readonly before: Record<string, unknown>
  readonly after: Record<string, unknown>
}

/** Records of which the request changed the same columns: they are looked at and set back together. */
export interface Reversals {
  readonly model: string
  readonly columns: readonly string[]
  readonly records: readonly Reversal[]
}

/** @throws AppError when an entry is no edit, or none of the role's */
export function refuseKind({ entityType, action, after, reason }: Entry, { views, role }: Undoing): void {
  const view = views.get(entityType)
  if (!view) throw forbidden('This request also changed records that your role does not see, so it stays as it is.')
  const never = neverUndone(entityType)
  if (never) throw forbidden(never)
  const { singular } = view.screen
  const kind = changeKindOf(action)
  if (kind !== 'edit') {
    const done = kind === 'new' ? 'added' : 'deleted'
    throw conflict(`A ${singular.toLowerCase()} was ${done} with it, and only edits can be undone.`)
  }
  const decision = decide(role, 'edit', entityType)
  if (!decision.allowed) throw forbidden(decision.rule)
  if (reason?.includes('value not recorded'))
    throw conflict(`It changed a value of the ${singular.toLowerCase()} that is not recorded, so it cannot be undone.`)
  for (const column of Object.keys(after ?? {})) {
    const property = view.properties.find((one) => one.column === column)
    if (!property?.writable)
      throw forbidden(
        property
          ? `${property.label} cannot be undone: your role may not change it.`
          : `It changed a part of the ${singular.toLowerCase()} that your role may not change, so it stays as it is.`,
      )
  }
}

export interface One {
  readonly reversals: Reversals
  readonly undoing: Undoing
}

export async function refuseSecondTime(tx: Transaction, ctx: Context, { reversals, undoing }: One): Promise<void> {
  const [undone] = await tx.$queryRawUnsafe<{ who: string | null; at: Date }[]>(
    `SELECT u."fullName" AS who, a."createdAt" AS at FROM "AuditLog" a LEFT JOIN "User" u ON u.id = a."actorUserId"
      WHERE a."orgId" = $1::uuid AND a."entityType" = $2 AND a."entityId" = ANY ($3::text[]) AND a.action = $4
        AND a.after ->> 'undoes' = $5 LIMIT 1`,
    ctx.orgId,
    reversals.model,
    reversals.records.map(({ id }) => id),
    verbOf(reversals.model),
    undoing.request,
  )
  if (undone)
    throw conflict(
      `This was undone already, by ${undone.who ?? 'the system'} on ${formatInstant(undone.at, undoing.school.timeZone)}.`,
    )
}

export const verbOf = (model: string): string => `${model.charAt(0).toLowerCase()}${model.slice(1)}.undo`

/** Holds the rows until the end; whoever edits them now waits. @throws AppError when their columns say something else by now */
export async function refuseLaterEdit(tx: Transaction, ctx: Context, { reversals, undoing }: One): Promise<void> {
  const { columns, records } = reversals
  const view = undoing.views.get(reversals.model)!
  const { model, singular } = view.screen
  const changed = columns.map(
    (column) =>
      `CASE WHEN coalesce(to_jsonb(b."${column}"), 'null') IS DISTINCT FROM was.after -> '${column}' THEN '${column}' END`,
  )
  const stored = storedFields(model).map((field) => `${storedColumn(field)} AS "${field.name}"`)
  const rows = await tx.$queryRawUnsafe<(Stored & { changed: string[] })[]>(
    `SELECT array_remove(ARRAY[${changed.join(', ')}], NULL) AS changed, ${stored.join(', ')}
       FROM jsonb_to_recordset($2::jsonb) AS was(id uuid, after jsonb) JOIN "${model.name}" b ON b.id = was.id
      WHERE ${tenantCondition(model, 'b', '$1::uuid')} ORDER BY b.id FOR UPDATE OF b`,
    ctx.orgId,
    JSON.stringify(records),
  )
  if (rows.length < records.length) throw conflict(`The ${singular.toLowerCase()} was deleted in the meantime.`)
  refuseLockedNow(view, columns, rows)
  const later = await laterChange(tx, ctx, reversals)
  const other = rows.flatMap((row) => row.changed)[0]
  if (!later && other === undefined) return
  const property = view.properties.find((one) => one.column === (later?.column ?? other))
  const by = later ? `${later.who ?? 'The system'} on ${formatInstant(later.at, undoing.school.timeZone)}` : 'somebody'
  throw conflict(`${property?.label ?? 'A field'} was changed again by ${by}, so this cannot be undone any more.`)
}

function refuseLockedNow(view: View, columns: readonly string[], rows: readonly Stored[]): void {
  const lockable = view.properties.filter((one) => one.lockedWhen && columns.includes(one.column))
  if (lockable.length === 0) return
  const fields = storedFields(view.screen.model)
  for (const row of rows) {
    const stored = Object.fromEntries(fields.map((field) => [field.name, storedValue(field, row[field.name])]))
    const [sentence] = Object.values(lockedIn(lockable, stored))
    if (sentence) throw conflict(sentence)
  }
}

async function laterChange(tx: Transaction, ctx: Context, { model, columns, records }: Reversals) {
  const [later] = await tx.$queryRawUnsafe<{ column: string; who: string | null; at: Date }[]>(
    `SELECT changed.name AS column, u."fullName" AS who, a."createdAt" AS at
       FROM jsonb_to_recordset($4::jsonb) AS was(id text, seq int)
       JOIN "AuditLog" a ON a."orgId" = $1::uuid AND a."entityType" = $2 AND a."entityId" = was.id AND a.seq > was.seq
      CROSS JOIN unnest($3::text[]) changed(name) LEFT JOIN "User" u ON u.id = a."actorUserId"
      WHERE a.before IS NOT NULL AND a.after ? changed.name ORDER BY a.seq DESC LIMIT 1`,
    ctx.orgId,
    model,
    columns,
    JSON.stringify(records.map(({ id, seq }) => ({ id, seq }))),
  )
  return later
}
