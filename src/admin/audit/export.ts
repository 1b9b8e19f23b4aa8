import { createHash } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { wallTime } from '../../core/time.ts'
import { contentOf, valuesOf } from '../../domain/audit/content.ts'
import { type ExportedLine, type Manifest, exportedLine } from '../../domain/audit/manifest.ts'
import { Parameters } from '../lists/conditions.ts'
import type { View } from '../records/records.ts'
import type { School } from '../records/selection.ts'
import { neutralised } from '../transfer/cells.ts'
import type { Piece } from '../transfer/download.ts'
import { BYTE_ORDER_MARK, csvLines } from '../transfer/export-list.ts'
import { type AuditRequest, conditionsOf } from './audit-request.ts'
import { type Entry, entriesOf, storedColumns, storedOf } from './entries.ts'

/** More than that is for a copy of the database. */
export const MAX_ENTRIES = 100_000
const BATCH = 1_000

export interface Export {
  readonly request: AuditRequest
  /** Only what was sealed up to here, so that the same export is the same to the letter whenever it is made. */
  readonly upTo: number
  readonly views: ReadonlyMap<string, View>
  readonly school: School
}

/** The end of the school's chain. @throws AppError Invalid when nothing is sealed yet */
export async function headOf(ctx: Context): Promise<Manifest['head']> {
  const [rows] = await ctx.db.select(ctx, [
    { text: 'SELECT number, hash FROM audit.head WHERE "orgId" = $1::uuid', values: [ctx.orgId] },
  ])
  const [head] = rows!
  if (!head) throw invalid('Nothing is sealed yet. The worker does it a few seconds after each change; try again then.')
  return { number: head[0] as number, hash: head[1] as string }
}

/** @throws AppError Invalid when there are more entries than a file may have */
export async function refuseTooMany(ctx: Context, { request, upTo }: Export): Promise<void> {
  const parameters = new Parameters()
  const where = whereOf(ctx.orgId, { request, upTo }, parameters)
  const [rows] = await ctx.db.select(ctx, [
    {
      text: `SELECT count(*)::int FROM (SELECT FROM "AuditLog" t WHERE ${where} LIMIT ${MAX_ENTRIES + 1}) t`,
      values: parameters.values,
    },
  ])
  if ((rows![0]![0] as number) > MAX_ENTRIES)
    throw invalid(
      `These are more than ${MAX_ENTRIES.toLocaleString('en')} entries. Choose fewer days, and export again.`,
      'from',
    )
}

const whereOf = (
  orgId: string,
  { request, upTo }: Pick<Export, 'request' | 'upTo'>,
  parameters: Parameters,
): string => {
  const { indexed, read } = conditionsOf(orgId, request, parameters)
  return [indexed, `t.number <= ${parameters.add(upTo)}`, ...(read ? [read] : [])].join(' AND ')
}

/** Entries in the order of their writing, a batch at a time. */
async function* batches(ctx: Context, wanted: Export): AsyncGenerator<{ entries: Entry[]; rows: unknown[][] }> {
  let last: unknown[] | undefined
  do {
    const parameters = new Parameters()
    const where = whereOf(ctx.orgId, wanted, parameters)
    const after = last
      ? ` AND (t."createdAt", t.id) > (${parameters.add(last[1])}::timestamptz, ${parameters.add(last[0])}::uuid)`
      : ''
    const text = `SELECT ${storedColumns}, t."prevHash", t.hash, ${contentOf('t')}, t.format, t.salt,
      ${valuesOf('t')}, (t.redaction IS NOT NULL) FROM "AuditLog" t
      LEFT JOIN "User" u ON u.id = t."actorUserId" WHERE ${where}${after} ORDER BY t."createdAt", t.id LIMIT ${BATCH}`
    const [rows] = await ctx.db.select(ctx, [{ text, values: parameters.values }])
    yield { entries: await entriesOf(ctx, rows!.map(storedOf), wanted), rows: rows! }
    last = rows!.length < BATCH ? undefined : rows!.at(-1)
  } while (last)
}

/** The content to the letter, with its hashes. */
export async function* asLines(ctx: Context, wanted: Export): AsyncGenerator<Piece> {
  for await (const { rows } of batches(ctx, wanted)) {
    const lines = rows.map((row) => exportedLine(sealedOf(row)))
    yield { text: lines.join(''), rows: rows.length }
  }
}

/** The last columns of a batch's row. */
function sealedOf(row: unknown[]): ExportedLine {
  const [previous, hash, content, format, salt, values, redacted] = row.slice(-7)
  return { previous, hash, content, format, salt, values, redacted } as ExportedLine
}

const HEADER = [
  'Entry',
  'When',
  'Who',
  'Role',
  'What',
  'Record',
  'Record id',
  'Changes',
  'Reason',
  'Address',
  'Request',
  'SHA-256',
]

/** The same for a spreadsheet, in words. */
export async function* asTable(ctx: Context, wanted: Export): AsyncGenerator<Piece> {
  const { timeZone } = wanted.school
  yield { text: BYTE_ORDER_MARK + csvLines([HEADER]), rows: 0 }
  for await (const { entries, rows } of batches(ctx, wanted)) {
    const cells = entries.map((entry, index) => [
      String(entry.seal?.number ?? ''),
      wallTime(new Date(entry.at), timeZone),
      entry.who,
      entry.role ?? '',
      entry.what,
      entry.record.title,
      entry.record.id,
      [...entry.fields, ...entry.details]
        .map(({ label, before, after }) => `${label}: ${before ?? '–'} → ${after ?? '–'}`)
        .join('\n'),
      entry.reason ?? '',
      entry.ip ?? '',
      entry.request ?? '',
      sealedOf(rows[index]!).hash,
    ])
    yield { text: csvLines(cells.map((row) => row.map(neutralised))), rows: rows.length }
  }
}

/** What both files would be, without keeping them. */
export async function fingerprint(pieces: AsyncIterable<Piece>): Promise<{ sha256: string; entries: number }> {
  const hash = createHash('sha256')
  let entries = 0
  for await (const { text, rows } of pieces) {
    hash.update(text)
    entries += rows
  }
  return { sha256: hash.digest('hex'), entries }
}
