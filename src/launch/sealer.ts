import type { Database } from '../core/db.ts'
import { sealAudit } from '../domain/audit/seal.ts'

const EVERY_MS = 2_000

export interface Sealer {
  stop(): Promise<void>
}

/**
 * Seals the audit log for as long as the worker runs, two seconds after the last time. Of several workers one does it at
 * a time; what a dead one left is sealed by the next.
 */
export function startSealer(db: Database, onError: (error: Error) => void): Sealer {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const turn = async (): Promise<void> => {
    await sealAudit(db).catch((error: unknown) => onError(new Error(`sealing the audit log: ${String(error)}`)))
    if (!stopped) timer = setTimeout(() => (running = turn()), EVERY_MS)
  }
  let running = turn()
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
