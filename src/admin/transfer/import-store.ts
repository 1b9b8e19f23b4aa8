import type { DataImport } from '@prisma/client'
import type { z } from 'zod'
import type { Context } from '../../core/context.ts'
import type { Transaction } from '../../core/db.ts'
import { conflict, notFound } from '../../core/errors.ts'
import { type Job, enqueue } from '../../core/jobs.ts'
import { told } from '../records/records.ts'
import type { Decoded } from './decode-file.ts'
import type { ImportStep } from './import-step.ts'
import type { Table } from './read-table.ts'

export type Import = DataImport

/** Rows that go to the database in one statement. */
const ROWS_AT_ONCE = 5_000
const TRANSACTION_MS = 60_000
const DAY_MS = 86_400_000
/** How long rows that were refused can be looked at. */
export const REFUSED_DAYS = 30
/** A step that has not moved for so long has lost its worker, and may be begun again. */
const STALE_MS = 60_000

export interface NewImport {
  readonly model: string
  readonly fileName: string
  readonly encoding: Decoded['encoding']
  readonly table: Table
  readonly mapping: readonly (string | null)[]
}

/** Keeps a file until it is imported, and forgets the school's files that nobody went on with. @returns its id */
export async function storeImport(ctx: Context, { table, ...facts }: NewImport): Promise<string> {
  return await told(
    ctx.db.transaction(
      ctx,
      async (tx) => {
        await forgetAbandoned(tx, ctx.orgId)
        const data = {
          ...facts,
          orgId: ctx.orgId,
          createdById: ctx.userId!,
          separator: table.separator,
          header: [...table.header],
          mapping: [...facts.mapping],
          rowsTotal: table.rows.length,
        }
        const { id } = await tx.dataImport.create({ data, select: { id: true } })
        for (let at = 0; at < table.rows.length; at += ROWS_AT_ONCE) {
          const rows = table.rows.slice(at, at + ROWS_AT_ONCE)
          await tx.dataImportRow.createMany({
            data: rows.map(({ number, cells }) => ({ orgId: ctx.orgId, importId: id, number, cells: [...cells] })),
          })
        }
        return id
      },
      TRANSACTION_MS,
    ),
  )
}

async function forgetAbandoned(tx: Transaction, orgId: string): Promise<void> {
  const longAgo = { lt: new Date(Date.now() - REFUSED_DAYS * DAY_MS) }
  await tx.dataImportRow.deleteMany({ where: { import: { orgId, status: 'finished', updatedAt: longAgo } } })
  const before = { lt: new Date(Date.now() - DAY_MS) }
  const where = { orgId, status: { in: ['uploaded', 'checked'] as ('uploaded' | 'checked')[] }, updatedAt: before }
  await tx.dataImportRow.deleteMany({ where: { import: where } })
  await tx.dataImport.deleteMany({ where })
}

/**
 * An import of the person who asks: its file may say of people what a colleague's role does not see.
 * @throws AppError NotFound when they have no such import of this model
 */
export async function readImport(ctx: Context, model: string, id: string): Promise<Import> {
  const { orgId, userId: createdById } = ctx
  const found = createdById
    ? await ctx.db.read(ctx, (client) => client.dataImport.findFirst({ where: { id, model, orgId, createdById } }))
    : null
  if (!found) throw notFound('You have no such import. Choose the file again.')
  return found
}

export interface RefusedRow {
  readonly number: number
  readonly cells: readonly string[]
  readonly problem: string
}

/** Rows that cannot become records, from the top of the file. */
export async function refusedRows(
  ctx: Context,
  importId: string,
  { after = 0, limit }: { after?: number; limit: number },
): Promise<RefusedRow[]> {
  const rows = await ctx.db.read(ctx, (client) =>
    client.dataImportRow.findMany({
      where: { importId, orgId: ctx.orgId, problem: { not: null }, number: { gt: after } },
      orderBy: { number: 'asc' },
      take: limit,
    }),
  )
  return rows.map(({ number, cells, problem }) => ({ number, cells: cells as string[], problem: problem! }))
}

export const isStale = ({ status, updatedAt }: Import): boolean =>
  (status === 'checking' || status === 'running') && Date.now() - updatedAt.getTime() > STALE_MS

/** Looks at every row in the background, with this mapping; what was found before is forgotten. */
export async function beginCheck(
  ctx: Context,
  found: Import,
  { step, mapping }: { step: Job<ImportStep>; mapping: readonly (string | null)[] },
): Promise<void> {
  await begin(ctx, found, {
    step,
    from: ['uploaded', 'checked', 'failed'],
    data: { status: 'checking', mapping: [...mapping], rowsDone: 0, rowsRefused: 0, error: null },
  })
}

/** Writes the rows that can become records, in the background. Asked for twice, it is done once. */
export async function beginRun(ctx: Context, found: Import, step: Job<ImportStep>): Promise<void> {
  if (found.status === 'running' && !isStale(found)) return
  if (found.status === 'finished') return
  // what was refused or written has been dealt with
  const rowsDone = found.rowsRefused + found.rowsWritten
  const data = { status: 'running', rowsDone, error: null } as const
  await begin(ctx, found, { step, from: ['checked', ...(found.rowsWritten > 0 ? (['failed'] as const) : [])], data })
}

/**
 * Says of an import whose last worker was killed that it has stopped, so that it can be gone on with. A worker that was
 * only thought dead stops too: its generation is over.
 */
export async function giveUp(ctx: Context, { importId: id, generation }: z.output<ImportStep>): Promise<void> {
  const where = { id, orgId: ctx.orgId, generation, status: { in: ['checking', 'running'] as Import['status'][] } }
  const stop = (tx: Transaction, rowsWritten: { gt: 0 } | 0, error: string) =>
    tx.dataImport.updateMany({
      where: { ...where, rowsWritten },
      data: { status: 'failed', generation: generation + 1, error: `${KILLED} ${error}` },
    })
  await ctx.db.transaction(ctx, async (tx) => {
    await stop(tx, { gt: 0 }, 'What was written stays, once: go on with the rest.')
    await stop(tx, 0, 'Nothing of it was written: check it again.')
  })
}

const KILLED = 'The program that was working on this file was stopped several times.'

interface Begin {
  readonly step: Job<ImportStep>
  readonly from: readonly Import['status'][]
  readonly data: object
}

async function begin(ctx: Context, found: Import, { step, from, data }: Begin): Promise<void> {
  if (!from.includes(found.status) && !isStale(found)) throw conflict(BUSY)
  await told(
    ctx.db.transaction(ctx, async (tx) => {
      const { generation } = found
      const { count } = await tx.dataImport.updateMany({
        where: { id: found.id, orgId: ctx.orgId, generation, status: found.status },
        data: { ...data, generation: generation + 1 },
      })
      // somebody else pressed the button at the same moment: theirs is on its way
      if (count === 0) return
      await enqueue({ ...ctx, tx }, step, { importId: found.id, generation: generation + 1 })
    }),
  )
}

const BUSY = 'This import is being worked on at the moment. Wait until it is done.'
