import type { Context } from '../../core/context.ts'
import type { Transaction } from '../../core/db.ts'
import { conflict, fromDatabase, notFound } from '../../core/errors.ts'
import { fieldOf, tenantCondition } from '../../core/schema.ts'
import { sqlTypeOf } from '../../core/sql-types.ts'
import { formatInstant } from '../../core/time.ts'
import { type Change, changeKindOf, describeChanges } from './changes.ts'
import {
  type Entry,
  type One,
  type Reversal,
  type Reversals,
  type Undoing,
  refuseKind,
  refuseLaterEdit,
  refuseSecondTime,
  verbOf,
} from './undo-refusals.ts'

/** What undoing does, in words: of each record what it says now and what it will say. */
export interface Undone {
  /** Of the first records. */
  readonly changes: Change[]
  /** How many records it is about. */
  readonly count: number
  /** "Manager of Harbour, Tue 24 Nov, 15:30". */
  readonly of: string
}

/** What undoing would do. @throws AppError with a sentence when it cannot be done */
export async function previewUndo(ctx: Context, undoing: Undoing): Promise<Undone> {
  return await inWords(ctx, undoing, await told(ctx.db.transaction(ctx, (tx) => planned(tx, ctx, undoing))))
}

/**
 * Takes back everything that a request changed, or nothing of it, in one transaction. Each record's audit row is followed
 * by one that names the request.
 * @throws AppError NotFound, Forbidden, or Conflict naming the field and who changed it
 */
export async function undoRequest(ctx: Context, undoing: Undoing): Promise<Undone> {
  const plan = await told(
    ctx.db.transaction(ctx, async (tx) => {
      const { all, of } = await planned(tx, ctx, undoing)
      for (const reversals of all) {
        await setBack(tx, ctx, { reversals, undoing })
        await record(tx, ctx, { reversals, undoing, of })
      }
      return { all, of }
    }),
  )
  return await inWords(ctx, undoing, plan)
}

// nobody reads more of a question
const DESCRIBED = 20

interface Plan {
  readonly all: readonly Reversals[]
  readonly of: string
}

async function inWords(ctx: Context, { views, school }: Undoing, { all, of }: Plan): Promise<Undone> {
  const backwards = all.flatMap(({ model, records }) =>
    records.map(({ id, before, after }) => ({
      entityType: model,
      entityId: id,
      action: `${model}.update`,
      before: after,
      after: before,
    })),
  )
  const changes = await describeChanges(ctx, views, backwards.slice(0, DESCRIBED), school)
  return { changes, count: backwards.length, of }
}

async function planned(tx: Transaction, ctx: Context, undoing: Undoing): Promise<Plan> {
  const entries = await entriesOf(tx, ctx, undoing.request)
  if (entries.length === 0) throw notFound('No changes are recorded under this request.')
  const all = reversalsOf(entries, undoing)
  for (const reversals of all) {
    await refuseSecondTime(tx, ctx, { reversals, undoing })
    await refuseLaterEdit(tx, ctx, { reversals, undoing })
  }
  const { who, at } = entries[0]!
  return { all, of: `${who ?? 'the system'}, ${formatInstant(at, undoing.school.timeZone)}` }
}

function entriesOf(tx: Transaction, ctx: Context, request: string): Promise<Entry[]> {
  return tx.$queryRawUnsafe<Entry[]>(
    `SELECT a."entityType", a."entityId", a.action, a.before, a.after, a.reason, a.seq, a."createdAt" AS at, u."fullName" AS who
       FROM "AuditLog" a LEFT JOIN "User" u ON u.id = a."actorUserId"
      WHERE a."orgId" = $1::uuid AND a."requestId" = $2 AND a."entityType" <> 'ActionRun' ORDER BY a.seq`,
    ctx.orgId,
    request,
  )
}

/** One for each record, whatever number of times the request changed it. @throws AppError for what cannot be taken back */
function reversalsOf(entries: readonly Entry[], undoing: Undoing): Reversals[] {
  const records = new Map<string, Reversal & { model: string }>()
  for (const entry of entries) {
    // an undo notes for itself what it undid
    if (!changeKindOf(entry.action)) continue
    refuseKind(entry, undoing)
    const key = `${entry.entityType} ${entry.entityId}`
    const known = records.get(key)
    records.set(key, {
      model: entry.entityType,
      id: entry.entityId,
      seq: entry.seq,
      before: { ...entry.before, ...known?.before },
      after: { ...known?.after, ...entry.after },
    })
  }
  if (records.size === 0) throw conflict('Nothing that this request did can be undone.')
  const alike = Map.groupBy(records.values(), ({ model, after }) => [model, ...Object.keys(after).sort()].join(' '))
  return [...alike.values()].map((some) => ({
    model: some[0]!.model,
    columns: Object.keys(some[0]!.after),
    records: some,
  }))
}

async function setBack(tx: Transaction, ctx: Context, { reversals, undoing }: One): Promise<void> {
  const { columns, records } = reversals
  const { model } = undoing.views.get(reversals.model)!.screen
  const touch = model.fields.find((field) => field.isUpdatedAt)
  const sets = columns.map((column) => `"${column}" = was."${column}"`)
  if (touch) sets.push(`"${touch.name}" = now()`)
  const types = columns.map((column) => `"${column}" ${sqlTypeOf(fieldOf(model, column)!)}`)
  await tx.$executeRawUnsafe(
    `UPDATE "${model.name}" b SET ${sets.join(', ')}
       FROM jsonb_to_recordset($2::jsonb) AS one(id uuid, before jsonb), jsonb_to_record(one.before) AS was(${types.join(', ')})
      WHERE b.id = one.id AND ${tenantCondition(model, 'b', '$1::uuid')}`,
    ctx.orgId,
    JSON.stringify(records),
  )
}

/** Says in each record's own log which request was undone. */
async function record(tx: Transaction, ctx: Context, { reversals, undoing, of }: One & { of: string }): Promise<void> {
  await tx.$executeRawUnsafe(
    `SELECT audit_event($1::uuid, $2::uuid, $3, $4, $5, $6, one.id, $8, $9::jsonb) FROM unnest($7::text[]) one(id)`,
    ctx.orgId,
    ctx.userId,
    verbOf(reversals.model),
    ctx.ip ?? '',
    ctx.requestId,
    reversals.model,
    reversals.records.map(({ id }) => id),
    `Takes back the change by ${of}`,
    JSON.stringify({ undoes: undoing.request }),
  )
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw fromDatabase(error) ?? error
  }
}
