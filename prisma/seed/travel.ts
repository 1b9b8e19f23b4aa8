import { hash } from 'node:crypto'
import type { School } from './school.ts'
import type { Place } from './schools.ts'

const METERS_PER_DEGREE = 111_000

/** Driving times between all suburbs of a school, as the map service gave them. */
export function addTravelTimes(school: School): void {
  const { suburbs } = school.plan
  for (const from of suburbs) {
    for (const to of suburbs) if (from !== to) addTravelTime(school, from, to)
  }
}

function addTravelTime(school: School, from: Place, to: Place): void {
  const lastUpdated = school.now.minus({ days: 3 })
  const north = (to.lat - from.lat) * METERS_PER_DEGREE
  const east = (to.lng - from.lng) * METERS_PER_DEGREE * Math.cos((from.lat * Math.PI) / 180)
  // roads are longer than the straight line
  const distanceMeters = Math.round(Math.hypot(north, east) * 1.35)
  school.rows.add('TravelTimeCache', {
    id: school.newId(`travel/${from.name}/${to.name}`, lastUpdated.toJSDate()),
    orgId: school.id,
    fromLocationHash: locationHash(from),
    toLocationHash: locationHash(to),
    fromLat: from.lat,
    fromLng: from.lng,
    toLat: to.lat,
    toLng: to.lng,
    drivingTimeMin: Math.max(4, Math.round(distanceMeters / 450)),
    trafficMultiplier: 1.1,
    distanceMeters,
    peakHourMultiplier: 1.4,
    lastUpdated: lastUpdated.toJSDate(),
    cacheValidUntil: lastUpdated.plus({ days: 30 }).toJSDate(),
    source: 'google_maps',
    reliability: 'high',
    createdAt: lastUpdated.toJSDate(),
  })
}

const locationHash = ({ lat, lng }: Place): string =>
  hash('sha1', `${lat.toFixed(3)},${lng.toFixed(3)}`, 'hex').slice(0, 16)
