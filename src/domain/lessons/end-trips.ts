import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { metersAlong } from './plausible-positions.ts'

/**
 * The drive is over: its trips end with the lesson. The device keeps its token, which is of no use any more: positions are
 * taken while the lesson runs only.
 * @returns metres driven, or null when nothing was recorded
 */
export async function endTrips(work: UnitOfWork, lessonId: string, endedAt: Date): Promise<number | null> {
  const { orgId, tx } = work
  const trips = await tx.trip.findMany({ where: { orgId, lessonId }, select: { id: true, endedAt: true } })
  let meters: number | null = null
  for (const trip of trips) {
    if (!trip.endedAt) await tx.trip.updateMany({ where: { id: trip.id, orgId }, data: { endedAt } })
    const points = await tx.tripPoint.findMany({
      where: { orgId, tripId: trip.id, ts: { lte: endedAt } },
      orderBy: [{ ts: 'asc' }, { id: 'asc' }],
      select: { ts: true, lat: true, lng: true },
    })
    const positions = points.map(({ ts, lat, lng }) => ({ ts, lat: Number(lat), lng: Number(lng) }))
    if (positions.length > 1) meters = (meters ?? 0) + metersAlong(positions)
  }
  return meters
}
