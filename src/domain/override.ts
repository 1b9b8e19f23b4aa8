import type { UnitOfWork } from '../core/unit-of-work.ts'

/**
 * The same work under an override: soft rules give way, and the database writes the reason beside every row that it touches.
 * Without a reason nothing changes.
 */
export async function overriding<W extends UnitOfWork>(work: W, reason: string | undefined): Promise<W> {
  if (!reason) return work
  await work.tx.$executeRaw`SELECT set_config('app.override', ${reason}, true)`
  return { ...work, override: reason }
}
