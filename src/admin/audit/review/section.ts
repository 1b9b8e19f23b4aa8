import type { Query } from '../../../core/db.ts'
import { formatInstant } from '../../../core/time.ts'

/** A month of a school, as instants: `[from, until)`. */
export interface Month {
  readonly orgId: string
  readonly timeZone: string
  readonly from: Date
  readonly until: Date
}

/** A line of the review, as it is read and as it is exported. */
export interface Line {
  readonly cells: readonly string[]
  /** What somebody should look at, in a sentence. */
  readonly mark: string | null
  /** The request whose story tells more. */
  readonly request: string | null
}

/** One question of the review: a statement that an index leads to, and how its rows are told. */
export interface Section {
  readonly name: string
  readonly title: string
  readonly columns: readonly string[]
  /** Said when there is nothing to show. */
  readonly none: string
  query(month: Month): Query
  line(row: unknown[], month: Month): Line
}

/** Lines that a section shows; the audit page shows all of them. */
export const MOST_LINES = 300

/** Entries that are counted for a section of numbers. */
export const MOST_COUNTED = 50_000

export const plain = (cells: readonly string[], request: string | null = null): Line => ({ cells, mark: null, request })

export const said = (at: unknown, { timeZone }: Month): string =>
  at instanceof Date ? formatInstant(at, timeZone) : '–'

export const words = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : '–')
