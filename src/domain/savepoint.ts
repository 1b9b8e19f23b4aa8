import type { UnitOfWork } from '../core/unit-of-work.ts'
import { type AppError, InvalidForm, fromDatabase } from '../core/errors.ts'

/**
 * One of several things that may each fail alone: what fails leaves the rest of the transaction as it was.
 * @throws AppError when a rule, ours or the database's, refused it
 */
export async function attempt<T>(work: UnitOfWork, fn: () => Promise<T>): Promise<T> {
  await work.tx.$executeRaw`SAVEPOINT attempt`
  try {
    const result = await fn()
    await work.tx.$executeRaw`RELEASE SAVEPOINT attempt`
    return result
  } catch (error) {
    await work.tx.$executeRaw`ROLLBACK TO SAVEPOINT attempt`
    throw fromDatabase(error) ?? error
  }
}

/** What is told of one of them: every rule that refused it, not only that there were some. */
export const sentenceOf = (error: AppError): string =>
  error instanceof InvalidForm ? error.errors.map(({ message }) => message).join(' ') : error.message
