import type { Taken } from '../../core/declaration.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** Columns that a file may bring, those that tell whether a record is there already, and what makes records of rows. */
export interface Imports {
  readonly columns: readonly string[]
  readonly match: readonly string[]
  readonly maker: RowMaker | undefined
}

/** A declared maker, as it is used for whatever model. */
export interface RowMaker {
  readonly needs: readonly string[]
  readonly choices?: Readonly<Record<string, readonly string[]>>
  readonly note: string
  make(work: UnitOfWork, row: Readonly<Record<string, unknown>>): Promise<object>
  takes(record: object): readonly Taken[]
}
