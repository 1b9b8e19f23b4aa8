import type { Context } from '../../core/context.ts'
import { type Property, screenOf } from '../screen.ts'
import { handlesInWords } from './find-references.ts'
import { type Import, isStale, refusedRows } from './import-store.ts'
import { type Seen, importable } from './plan.ts'

const PROBLEMS_SHOWN = 50
const SAMPLES = 3

/** What a file may bring, for the screen. */
export const targetJson = (seen: Seen) => ({
  note: seen.screen.imports?.maker?.note ?? null,
  fields: importable(seen).map((property) => ({
    name: property.name,
    label: property.label,
    required: property.required,
    hint: hintOf(seen, property),
  })),
  match: (seen.screen.imports?.match ?? []).flatMap(
    (column) => importable(seen).find((one) => one.column === column)?.label ?? [],
  ),
})

/** Where an import stands, for the screen. */
export async function importJson(ctx: Context, seen: Seen, one: Import) {
  const header = one.header as string[]
  const isUnread = one.status === 'uploaded' || one.status === 'checked'
  const [problems, samples] = await Promise.all([
    refusedRows(ctx, one.id, { limit: PROBLEMS_SHOWN }),
    isUnread ? samplesOf(ctx, one) : [],
  ])
  const { id, fileName, encoding, status, rowsTotal, rowsDone, rowsWritten, rowsRefused, error } = one
  return {
    ...targetJson(seen),
    id,
    fileName,
    encoding,
    separator: SEPARATORS[one.separator] ?? one.separator,
    status,
    columns: header.map((name, index) => ({ name, samples: samples.flatMap((cells) => cells[index] ?? []) })),
    mapping: one.mapping as (string | null)[],
    rowsTotal,
    rowsDone,
    rowsWritten,
    rowsRefused,
    error,
    stale: isStale(one),
    problems: problems.map(({ number, problem }) => ({ number, problem })),
  }
}

const SEPARATORS: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }

async function samplesOf(ctx: Context, { id, orgId }: Import): Promise<string[][]> {
  const rows = await ctx.db.read(ctx, (client) =>
    client.dataImportRow.findMany({
      where: { importId: id, orgId },
      orderBy: { number: 'asc' },
      take: SAMPLES,
      select: { cells: true },
    }),
  )
  return rows.map(({ cells }) => (cells as string[]).map((cell) => cell.slice(0, 60)))
}

/** How a cell of the column is written. */
function hintOf({ screens }: Seen, { kind, values, references, required }: Property): string | null {
  if (references) return `By name, as it is shown here; also by ${handlesInWords(screenOf(screens, references))}`
  if (kind === 'enum') return `One of: ${Object.values(values ?? {}).join(', ')}`
  const hints: Partial<Record<Property['kind'], string>> = {
    boolean: 'Yes or No',
    date: 'Like 2026-11-24 or 24/11/2026',
    datetime: 'Like 2026-11-24 15:30',
    money: 'Like 85.00',
    minutes: 'Minutes, like 60',
    basisPoints: 'Per cent, like 12.5',
    time: 'Like 08:30',
  }
  return hints[kind] ?? (required ? 'Needed in every row' : null)
}
