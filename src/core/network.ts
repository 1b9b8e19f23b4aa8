import { AsyncLocalStorage } from 'node:async_hooks'

const open = new AsyncLocalStorage<true>()

/** Runs what a transaction of the database does. */
export function insideTransaction<T>(fn: () => Promise<T>): Promise<T> {
  return open.run(true, fn)
}

/**
 * Called by whatever is about to use the network: nothing waits for another machine while it holds locks, and what was
 * sent cannot be rolled back.
 * @throws Error inside a transaction
 */
export function refuseInsideTransaction(service: string): void {
  if (open.getStore()) throw new Error(`${service} was called inside a database transaction: commit first, then call`)
}
