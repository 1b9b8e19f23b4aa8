import { hash } from 'node:crypto'

/** A point on the map, in degrees (WGS 84). */
export interface Place {
  readonly lat: number
  readonly lng: number
}

const EARTH_METERS = 6_371_000
const RADIANS = Math.PI / 180

/** Metres between two places as the crow flies (haversine formula). */
export function metersBetween(from: Place, to: Place): number {
  const north = Math.sin(((to.lat - from.lat) * RADIANS) / 2)
  const east = Math.sin(((to.lng - from.lng) * RADIANS) / 2)
  const chord = north ** 2 + Math.cos(from.lat * RADIANS) * Math.cos(to.lat * RADIANS) * east ** 2
  return 2 * EARTH_METERS * Math.asin(Math.min(1, Math.sqrt(chord)))
}

/** The name of a place in TravelTimeCache: about a hundred metres across, so that a house number makes no other way. */
export const placeHash = ({ lat, lng }: Place): string =>
  hash('sha1', `${lat.toFixed(3)},${lng.toFixed(3)}`, 'hex').slice(0, 16)

interface Coordinates {
  readonly lat: unknown
  readonly lng: unknown
}

/** A place as the database has it: both coordinates or none. */
export const placeOf = ({ lat, lng }: Coordinates): Place | null =>
  lat === null || lat === undefined || lng === null || lng === undefined ? null : { lat: Number(lat), lng: Number(lng) }
