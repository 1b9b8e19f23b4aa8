import { strToU8, zipSync } from 'fflate'
import type { Case } from '../../domain/disputes/read-case.ts'
import { neutralised } from '../transfer/cells.ts'
import { BYTE_ORDER_MARK, csvLines } from '../transfer/export-list.ts'
import { summaryPage } from './summary.ts'
import { type Table, tablesOf, tripTable } from './tables.ts'
import { tripMap } from './trip-map.ts'

export interface Pack {
  readonly bytes: Uint8Array
  readonly files: readonly string[]
  /** Positions of the learner's drives that are in it. */
  readonly positions: number
}

/** Everything that shows what happened, in one file: a page to read, and the tables behind it. */
export function evidencePack(found: Case, madeAt: Date): Pack {
  const tables = tablesOf(found)
  const trips = found.trips.flatMap((trip, index): [string, string][] => [
    [`trip-${index + 1}.csv`, csvOf(tripTable(trip))],
    [`trip-${index + 1}.svg`, tripMap(trip.drive, `Trip ${index + 1}`)],
  ])
  const texts: readonly (readonly [string, string])[] = [
    ['summary.html', summaryPage(found, tables, madeAt)],
    ...tables.map((table): [string, string] => [`${table.name}.csv`, csvOf(table)]),
    ...trips,
  ]
  const files = Object.fromEntries(texts.map(([name, text]) => [name, strToU8(text)]))
  return {
    bytes: zipSync(files, { mtime: madeAt }),
    files: Object.keys(files),
    positions: found.trips.reduce((sum, { points }) => sum + points.length, 0),
  }
}

const csvOf = ({ head, rows }: Pick<Table, 'head' | 'rows'>): string =>
  BYTE_ORDER_MARK + csvLines([head, ...rows.map((row) => row.map(neutralised))])
