import { stringify } from 'csv-stringify/sync'
import type { Context } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { listed, selectionFor } from '../lists/columns.ts'
import { Parameters } from '../lists/conditions.ts'
import type { Cursor, ListRequest } from '../lists/list-request.ts'
import { countQuery, listCondition, pageQueries } from '../lists/page.ts'
import { type View, told } from '../records/records.ts'
import type { Property } from '../screen.ts'
import type { Row, School } from '../records/selection.ts'
import { cellText } from './cell-text.ts'
import { neutralised } from './cells.ts'
import type { Piece } from './download.ts'

/** More than that is for a report, not for a spreadsheet. */
export const MAX_ROWS = 100_000
const BATCH = 1_000

export interface Export {
  readonly columns: readonly string[]
  /** The file, a batch of rows at a time. */
  readonly file: AsyncGenerator<Piece>
}

interface Column {
  readonly label: string
  readonly text: (row: Row, school: School) => string
}

/** @throws AppError Invalid when there are more rows than a file may have */
export async function exportList(
  ctx: Context,
  view: View,
  { request, school }: { request: ListRequest; school: School },
): Promise<Export> {
  await refuseTooMany(ctx, view, { request, school })
  const columns = columnsOf(view, request)
  const file = write(batches(ctx, view, { request, school }), columns, school)
  return { columns: columns.map(({ label }) => label), file }
}

async function refuseTooMany(
  ctx: Context,
  view: View,
  { request, school }: { request: ListRequest; school: School },
): Promise<void> {
  const parameters = new Parameters()
  const where = listCondition(view, request, { orgId: ctx.orgId, zone: school.timeZone }, parameters)
  const [counted] = await told(ctx.db.select(ctx, [countQuery(view, where, parameters, MAX_ROWS)]))
  if ((counted![0]![0] as number) <= MAX_ROWS) return
  throw invalid(
    `A file has at most ${MAX_ROWS.toLocaleString('en')} rows, and there are more. Narrow the list with a filter, then export again.`,
  )
}

/** Amounts without a currency of their own are in the school's, which then has a column too. */
function columnsOf(view: View, { columns }: ListRequest): Column[] {
  const properties = listed(columns ?? view.screen.list, [...view.properties, ...view.paths])
  const own = properties.map((property): Column => ({
    label: property.label,
    text: (row, school) => cellText(property, row, school),
  }))
  const isBare = ({ kind, currency }: Property) => kind === 'money' && !currency
  return properties.some(isBare) ? [...own, { label: 'Currency', text: (_row, { currency }) => currency }] : own
}

/** One statement a batch, each going on where the last one ended: nothing is held but the rows of one. */
async function* batches(
  ctx: Context,
  view: View,
  { request, school }: { request: ListRequest; school: School },
): AsyncGenerator<Row[]> {
  const selection = selectionFor(view, request.columns)
  let cursor: Cursor | undefined
  do {
    const wanted: ListRequest = { ...request, page: 1, perPage: BATCH, cursor }
    const [page] = pageQueries(view, wanted, { orgId: ctx.orgId, zone: school.timeZone })
    const [values] = await told(ctx.db.select(ctx, [page]))
    const kept = values!.slice(0, BATCH)
    yield kept.map((row) => selection.read(row, school))
    const last = values!.length > BATCH ? kept.at(-1) : undefined
    cursor = last && { back: false, value: last.at(-1) as Cursor['value'], id: last[0] as string }
  } while (cursor)
}

// Excel takes a file for its country's own encoding unless it begins with this
export const BYTE_ORDER_MARK = '\uFEFF'

async function* write(rows: AsyncGenerator<Row[]>, columns: readonly Column[], school: School): AsyncGenerator<Piece> {
  yield { text: BYTE_ORDER_MARK + csvLines([columns.map(({ label }) => neutralised(label))]), rows: 0 }
  let total = 0
  for await (const batch of rows) {
    total += batch.length
    // rows that were added since they were counted
    if (total > MAX_ROWS) return
    const lines = batch.map((row) => columns.map((column) => neutralised(column.text(row, school))))
    yield { text: csvLines(lines), rows: batch.length }
  }
}

/** Lines as RFC 4180 has them. */
export const csvLines = (rows: readonly (readonly string[])[]): string =>
  stringify(rows as string[][], { record_delimiter: 'windows' })
