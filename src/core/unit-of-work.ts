import type { Context } from './context.ts'
import type { Transaction } from './db.ts'

/** Who acts, for which school, and the transaction that everything they do happens in. The first argument of every operation. */
export interface UnitOfWork extends Context {
  readonly tx: Transaction
}
