import type { Context } from '../../core/context.ts'
import { neutralised } from './cells.ts'
import type { Piece } from './download.ts'
import { BYTE_ORDER_MARK, csvLines } from './export-list.ts'
import { type Import, refusedRows } from './import-store.ts'

const BATCH = 1_000

/** The rows as they came, with their number and the reason behind them; corrected, the file can be imported as it is. */
export async function* refusedFile(ctx: Context, one: Import): AsyncGenerator<Piece> {
  const header = one.header as string[]
  yield { text: BYTE_ORDER_MARK + csvLines([[...header.map(neutralised), 'Row', 'Why it was not imported']]), rows: 0 }
  for (let after = 0; ;) {
    const rows = await refusedRows(ctx, one.id, { after, limit: BATCH })
    if (rows.length === 0) return
    const lines = rows.map(({ number, cells, problem }) => [
      ...header.map((_, index) => neutralised(cells[index] ?? '')),
      String(number),
      neutralised(problem),
    ])
    yield { text: csvLines(lines), rows: rows.length }
    after = rows.at(-1)!.number
  }
}
