import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/**
 * Deletes the positions of trips. The trips themselves stay, with when that was; distance and duration are the lesson's.
 * @returns how many positions
 */
export async function purgePoints(work: UnitOfWork, tripIds: readonly string[]): Promise<number> {
  const { orgId, tx } = work
  if (tripIds.length === 0) return 0
  const { count } = await tx.tripPoint.deleteMany({ where: { orgId, tripId: { in: [...tripIds] } } })
  await tx.trip.updateMany({
    where: { orgId, id: { in: [...tripIds] }, purgedAt: null },
    data: { purgedAt: nowOf(work) },
  })
  return count
}
