import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'

/** Whether the learner's drives may be recorded now: the latest word of it counts, unless it has run out. */
export async function mayTrack(work: UnitOfWork, studentId: string): Promise<boolean> {
  const now = nowOf(work)
  const latest = await work.tx.consent.findFirst({
    where: { orgId: work.orgId, studentId, kind: 'gps_tracking', effectiveAt: { lte: now } },
    orderBy: [{ effectiveAt: 'desc' }, { id: 'desc' }],
    select: { granted: true, expiresAt: true },
  })
  return latest?.granted === true && (latest.expiresAt === null || latest.expiresAt > now)
}
