import type { Context } from '../../core/context.ts'
import type { Transaction } from '../../core/db.ts'
import { AppError } from '../../core/errors.ts'
import type { Attempt } from '../../core/jobs.ts'
import { sentenceOf } from '../../domain/savepoint.ts'
import { told } from '../records/records.ts'
import { type CheckedRow, type FileRow, checkRows } from './check-rows.ts'
import type { Import } from './import-store.ts'
import { insertRecords } from './insert-records.ts'
import type { Plan } from './plan.ts'
import { rehearsed } from './rehearse.ts'
import { type Calendar, rehearsedByMaker } from './rehearse-making.ts'

const CHUNK = 200
/** Where an operation makes the records one by one: so often is told how far it is. */
const MADE_CHUNK = 50

/** A later step of the import was begun: there is nothing left to do for this one. */
class Overtaken extends Error {}

/** A worker that was thought dead wrote the same rows: they are there once, and what follows is looked up anew. */
class Raced extends Error {}

/** Does the step that the import is in, and tells why when it could not. */
export async function runImport(
  ctx: Context,
  found: Import,
  { planOf, attempt }: { planOf: () => Promise<Plan>; attempt: Attempt },
): Promise<void> {
  const step = found.status === 'checking' ? checkFile : writeRecords
  try {
    await step(ctx, found, { plan: await planOf(), attempt })
  } catch (error) {
    if (error instanceof Overtaken) return
    const isFinal = error instanceof AppError && ['Forbidden', 'Invalid'].includes(error.kind)
    if (!isFinal && !attempt.last) throw error
    const reason = error instanceof AppError ? error.message : 'A fault on our side stopped it.'
    await advance(ctx, found, { status: 'failed', error: `${reason} What was written stays, once.` })
    if (!isFinal) throw error
  }
}

interface Work {
  readonly plan: Plan
  readonly attempt: Attempt
}

async function checkFile(ctx: Context, found: Import, { plan, attempt }: Work): Promise<void> {
  // a check that was killed begins from the top: what it found may have changed since
  await ctx.db.transaction(ctx, async (tx) => {
    await advanceIn(tx, found, { rowsDone: 0, rowsRefused: 0 })
    await tx.dataImportRow.updateMany({
      where: { importId: found.id, problem: { not: null } },
      data: { problem: null },
    })
  })
  const seen = new Map<string, number>()
  const calendar: Calendar = new Map()
  const maker = plan.screen.imports?.maker
  for (let after = 0; ;) {
    attempt.signal.throwIfAborted()
    const rows = await nextRows(ctx, found, { after, limit: chunkOf(plan) })
    if (rows.length === 0) break
    const read = await checkRows(ctx, plan, { rows, seen })
    const checked = maker
      ? await rehearsedByMaker(ctx, maker, { checked: read, calendar })
      : await rehearsed(ctx, plan, read)
    await ctx.db.transaction(ctx, async (tx) => {
      await advanceIn(tx, found, {
        rowsDone: { increment: rows.length },
        rowsRefused: { increment: refused(checked).length },
      })
      await refuse(tx, refused(checked))
    })
    after = rows.at(-1)!.number
  }
  await advance(ctx, found, { status: 'checked' })
}

/** A piece of the file is one transaction: its records are there, its rows are gone and counted, or nothing of it. */
async function writeRecords(ctx: Context, found: Import, { plan, attempt }: Work): Promise<void> {
  // rows that are written one by one, because the database did not take them together
  let single = 0
  for (;;) {
    attempt.signal.throwIfAborted()
    const rows = await nextRows(ctx, found, { after: 0, limit: single > 0 ? 1 : chunkOf(plan) })
    if (rows.length === 0) break
    // a fresh map: earlier rows of the file are records by now
    const checked = await checkRows(ctx, plan, { rows, seen: new Map() })
    if (plan.screen.imports?.maker) {
      await writeEach(ctx, found, { plan, attempt, checked })
      continue
    }
    const refusal = await written(ctx, found, { plan, checked })
    if (refusal && rows.length > 1) {
      single = rows.length
      continue
    }
    if (refusal) await written(ctx, found, { plan, checked: [{ row: rows[0]!, problem: refusal.message }] })
    single = Math.max(0, single - 1)
  }
  await advance(ctx, found, { status: 'finished', finishedAt: new Date() })
}

/** What an operation makes locks people's calendars: each row is a transaction, so that nobody waits for long. */
async function writeEach(
  ctx: Context,
  found: Import,
  { plan, attempt, checked }: Work & { readonly checked: readonly CheckedRow[] },
): Promise<void> {
  for (const one of checked) {
    attempt.signal.throwIfAborted()
    const refusal = await written(ctx, found, { plan, checked: [one] })
    if (refusal) await written(ctx, found, { plan, checked: [{ row: one.row, problem: sentenceOf(refusal) }] })
  }
}

const chunkOf = ({ screen }: Plan): number => (screen.imports?.maker ? MADE_CHUNK : CHUNK)

/** @returns why the database takes one of them not: nothing was written then */
async function written(
  ctx: Context,
  found: Import,
  { plan, checked }: { plan: Plan; checked: readonly CheckedRow[] },
): Promise<AppError | null> {
  const good = checked.filter(({ data }) => data !== undefined)
  const bad = refused(checked)
  try {
    await told(
      ctx.db.transaction(ctx, async (tx) => {
        await advanceIn(tx, found, {
          rowsDone: { increment: good.length },
          rowsWritten: { increment: good.length },
          rowsRefused: { increment: bad.length },
        })
        const ids = good.map(({ row }) => row.id)
        const { count } = await tx.dataImportRow.deleteMany({ where: { id: { in: ids }, problem: null } })
        if (count !== ids.length) throw new Raced('another worker wrote these rows')
        await refuse(tx, bad)
        await insertRecords(
          { ...ctx, tx },
          plan,
          good.map(({ data }) => data!),
        )
      }),
    )
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    if (error instanceof Raced) return null
    throw error
  }
}

async function nextRows(
  ctx: Context,
  { id }: Import,
  { after, limit }: { after: number; limit: number },
): Promise<FileRow[]> {
  const rows = await ctx.db.read(ctx, (client) =>
    client.dataImportRow.findMany({
      where: { importId: id, orgId: ctx.orgId, problem: null, number: { gt: after } },
      orderBy: { number: 'asc' },
      take: limit,
      select: { id: true, number: true, cells: true },
    }),
  )
  return rows.map((row) => ({ ...row, cells: row.cells as string[] }))
}

const refused = (checked: readonly CheckedRow[]) => checked.filter(({ problem }) => problem !== undefined)

async function refuse(tx: Transaction, rows: readonly CheckedRow[]): Promise<void> {
  for (const { row, problem } of rows)
    await tx.dataImportRow.update({ where: { id: row.id }, data: { problem: problem! } })
}

/** Locks the import until the end of the transaction, so that two workers do one piece after the other. */
async function advanceIn(tx: Transaction, { id, orgId, generation }: Import, data: object): Promise<void> {
  const { count } = await tx.dataImport.updateMany({ where: { id, orgId, generation }, data })
  if (count === 0) throw new Overtaken('a later step of this import was begun')
}

const advance = (ctx: Context, found: Import, data: object): Promise<void> =>
  ctx.db.transaction(ctx, (tx) => advanceIn(tx, found, data))
