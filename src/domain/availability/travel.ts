import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { minutesOfDay, wallTime } from '../../core/time.ts'
import { type Place, metersBetween, placeHash } from '../places.ts'

/** Minutes on the road around one pickup. Where one end is not known there is nothing to say: 0. */
export interface Ways {
  /** @param at when it is driven: at peak it takes longer */
  toPickup(from: Place | null, at: Date): number
  fromPickup(to: Place | null, at: Date): number
}

/** No place is known, so only the fixed travel buffer counts. */
export const NO_WAYS: Ways = { toPickup: () => 0, fromPickup: () => 0 }

/** Roads are longer than the straight line. */
const DETOUR = 1.35
const METERS_A_MINUTE = 450
/** Minutes after midnight, Monday to Friday, in which the roads are full. */
const PEAKS = [
  [7 * 60, 9 * 60 + 30],
  [15 * 60, 18 * 60 + 30],
] as const

/**
 * The ways to and from a pickup by the school's TravelTimeCache; a way that it does not know, or knew too long ago, is
 * estimated from the great circle at 27 km/h.
 */
export async function waysAround(work: UnitOfWork, pickup: Place | null, timeZone: string): Promise<Ways> {
  if (!pickup) return NO_WAYS
  const here = placeHash(pickup)
  const known = await work.tx.travelTimeCache.findMany({
    where: {
      orgId: work.orgId,
      cacheValidUntil: { gt: nowOf(work) },
      OR: [{ fromLocationHash: here }, { toLocationHash: here }],
    },
    select: {
      fromLocationHash: true,
      toLocationHash: true,
      drivingTimeMin: true,
      trafficMultiplier: true,
      peakHourMultiplier: true,
    },
  })
  const cache = new Map(known.map((way) => [`${way.fromLocationHash} ${way.toLocationHash}`, way]))
  // a month has thousands of ways between few places
  const names = new Map<string, string>()
  const nameOf = (place: Place): string => {
    const key = `${place.lat} ${place.lng}`
    const name = names.get(key) ?? placeHash(place)
    names.set(key, name)
    return name
  }
  const minutes = (from: Place, to: Place, at: Date): number => {
    const [start, end] = [nameOf(from), nameOf(to)]
    if (start === end) return 0
    const way = cache.get(`${start} ${end}`)
    if (!way) return roadMinutes(from, to)
    const factor = isPeak(at, timeZone) ? way.peakHourMultiplier : way.trafficMultiplier
    return Math.ceil(way.drivingTimeMin * Number(factor))
  }
  return {
    toPickup: (from, at) => (from ? minutes(from, pickup, at) : 0),
    fromPickup: (to, at) => (to ? minutes(pickup, to, at) : 0),
  }
}

/** Minutes on the road between two places that no map service was asked about. */
export const roadMinutes = (from: Place, to: Place): number =>
  Math.ceil((metersBetween(from, to) * DETOUR) / METERS_A_MINUTE)

function isPeak(at: Date, timeZone: string): boolean {
  // "2026-11-24 15:30"
  const wall = wallTime(at, timeZone)
  const isWeekend = new Date(wall.slice(0, 10)).getUTCDay() % 6 === 0
  const minute = minutesOfDay(wall.slice(11))!
  return !isWeekend && PEAKS.some(([from, to]) => from <= minute && minute < to)
}
