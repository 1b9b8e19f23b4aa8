import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Place, metersBetween } from '../places.ts'

/** Nobody drives a learner faster: such a jump is the receiver's error. */
const FASTEST_METERS_A_SECOND = 180 / 3.6

interface Position extends Place {
  readonly ts: Date
}

/** So many positions that agree with each other are right, and the one before them was the error. */
const ENOUGH_TO_AGREE = 3

/**
 * Metres along the positions, as the crow flies from one to the next. A position that could only be reached at an impossible
 * speed is left out, and the next one is measured from the last good one.
 */
export function metersAlong(positions: readonly Position[]): number {
  let meters = 0
  let last: Position | undefined
  let elsewhere: Position[] = []
  for (const position of positions) {
    if (!last || isReachable(last, position)) {
      meters += last ? metersBetween(last, position) : 0
      last = position
      elsewhere = []
      continue
    }
    const before = elsewhere.at(-1)
    elsewhere = before && isReachable(before, position) ? [...elsewhere, position] : [position]
    if (elsewhere.length < ENOUGH_TO_AGREE) continue
    meters += elsewhere.slice(1).reduce((sum, one, index) => sum + metersBetween(elsewhere[index]!, one), 0)
    last = position
    elsewhere = []
  }
  return Math.round(meters)
}

const isReachable = (from: Position, to: Position): boolean =>
  metersBetween(from, to) <= ((to.ts.getTime() - from.ts.getTime()) / 1000) * FASTEST_METERS_A_SECOND

/**
 * The drive is over: its trips end with the lesson, and no device may add to them.
 * @returns metres driven, or null when nothing was recorded
 */
export async function endTrips(work: UnitOfWork, lessonId: string, endedAt: Date): Promise<number | null> {
  const { orgId, tx } = work
  await tx.lesson.updateMany({ where: { id: lessonId, orgId }, data: { tokenHash: null } })
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
