import type { Context } from '../../core/context.ts'
import type { Taken } from '../../core/declaration.ts'
import { sentenceOf } from '../../domain/savepoint.ts'
import type { CheckedRow } from './check-rows.ts'
import type { RowMaker } from './imports.ts'
import { tried } from './rehearse.ts'

/** What the rows before take, by whose time it is. */
export type Calendar = Map<string, (Taken & { readonly number: number })[]>

/**
 * Has the operation make each record, and takes it back. Rows do not see each other in the database then, so what each would
 * take of somebody's time is kept beside.
 * @param calendar of the rows of the file before these; these are added
 */
export async function rehearsedByMaker(
  ctx: Context,
  maker: RowMaker,
  { checked, calendar }: { checked: readonly CheckedRow[]; calendar: Calendar },
): Promise<CheckedRow[]> {
  const looked: CheckedRow[] = []
  for (const one of checked) {
    const problem = one.data && (await problemOf(ctx, maker, { one, calendar }))
    looked.push(problem ? { row: one.row, problem } : one)
  }
  return looked
}

async function problemOf(
  ctx: Context,
  maker: RowMaker,
  { one, calendar }: { one: CheckedRow; calendar: Calendar },
): Promise<string | undefined> {
  let takes: readonly Taken[] = []
  const refusal = await tried(ctx, async (work) => {
    takes = maker.takes(await maker.make(work, one.data!))
  })
  return refusal ? sentenceOf(refusal) : clash(takes, { number: one.row.number, calendar })
}

function clash(
  takes: readonly Taken[],
  { number, calendar }: { number: number; calendar: Calendar },
): string | undefined {
  for (const { what, id, from, to } of takes) {
    const before = calendar.get(id)?.find((other) => other.from < to && from < other.to)
    if (before) return `Row ${before.number} of this file has the same ${what} at that time.`
  }
  for (const taken of takes) {
    const theirs = calendar.get(taken.id) ?? []
    theirs.push({ ...taken, number })
    calendar.set(taken.id, theirs)
  }
  return undefined
}
