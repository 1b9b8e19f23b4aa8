import { z } from 'zod'
import type { UnitOfWork } from '../core/unit-of-work.ts'

/** How forms ask for it. */
export const exceptionReason = z.string().trim().min(3).max(500).optional().meta({
  label: 'Reason for an exception',
  help: 'Only an owner or an admin, and never on top of another lesson. Kept in the audit log.',
})

/**
 * The same work under an override: soft rules give way, and the database writes the reason beside every row that it touches.
 * Without a reason nothing changes.
 */
export async function overriding<W extends UnitOfWork>(work: W, reason: string | undefined): Promise<W> {
  if (!reason) return work
  await work.tx.$executeRaw`SELECT set_config('app.override', ${reason}, true)`
  return { ...work, override: reason }
}
