import type { Position } from './types.ts'

/** The sheet that a trip is drawn on, in units of its own. */
export const SHEET = { width: 720, height: 400, margin: 36 }

const METERS_PER_DEGREE = 111_195
/** So that a car that stood still is no mountain range. */
const SHORTEST_SIDE_METERS = 300

export interface Projection {
  at: (this: void, position: Position) => { x: number; y: number }
  /** Units of the sheet for one metre. */
  perMeter: number
}

/** Around its own middle a town is flat: degrees east shrink with the latitude, north is up. */
export function projectionFor(positions: readonly Position[]): Projection {
  const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2
  const lat0 = middle(positions.map(([, lat]) => lat))
  const lng0 = middle(positions.map(([, , lng]) => lng))
  const east = (lng: number) => (lng - lng0) * METERS_PER_DEGREE * Math.cos((lat0 * Math.PI) / 180)
  const north = (lat: number) => (lat - lat0) * METERS_PER_DEGREE
  const side = (values: number[]) => Math.max(SHORTEST_SIDE_METERS, Math.max(...values) - Math.min(...values))
  const wide = side(positions.map(([, , lng]) => east(lng)))
  const high = side(positions.map(([, lat]) => north(lat)))
  const { width, height, margin } = SHEET
  const perMeter = Math.min((width - 2 * margin) / wide, (height - 2 * margin) / high)
  return {
    perMeter,
    at: ([, lat, lng]) => ({ x: width / 2 + east(lng) * perMeter, y: height / 2 - north(lat) * perMeter }),
  }
}

/** A round number of metres that is at most a third of the sheet wide. */
export function scaleBar(perMeter: number): { meters: number; units: number } {
  const most = SHEET.width / 3 / perMeter
  const power = 10 ** Math.floor(Math.log10(most))
  const meters = [5, 2, 1].map((one) => one * power).find((one) => one <= most) ?? power
  return { meters, units: meters * perMeter }
}

/** "850 m", "12.4 km". */
export function distance(meters: number): string {
  return meters < 1000 ? `${Math.round(meters)} m` : `${Number((meters / 1000).toFixed(1))} km`
}

/** "48 min", "1 h 5 min". */
export function lasting(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export const paces = ['slow', 'town', 'fast', 'unknown'] as const
export type Pace = (typeof paces)[number]

/** School zone and car park, the usual limits in a town, and beyond them. */
export const paceOf = (kph: number | null): Pace =>
  kph === null ? 'unknown' : kph <= 30 ? 'slow' : kph <= 60 ? 'town' : 'fast'

export const paceLabels: Record<Pace, string> = {
  slow: 'up to 30 km/h',
  town: '30 to 60 km/h',
  fast: 'over 60 km/h',
  unknown: 'speed not known',
}

export interface Leg {
  pace: Pace
  positions: Position[]
}

/** The stretch in legs of one pace each; a leg begins where the last one ended, so that the line has no holes. */
export function legsOf(stretch: readonly Position[]): Leg[] {
  const legs: Leg[] = []
  stretch.slice(1).forEach((position, index) => {
    const pace = paceOf(position[3])
    const last = legs.at(-1)
    if (last?.pace === pace) last.positions.push(position)
    else legs.push({ pace, positions: [stretch[index]!, position] })
  })
  return legs
}

export interface Milestone {
  after: string
  driven: string
  speed: string
}

const MILESTONES = 12

/** The drive in words: where it stood at about a dozen moments, by the clock. */
export function milestonesOf(stretches: readonly Position[][]): Milestone[] {
  const positions = stretches.flat()
  const step = Math.max(1, Math.ceil((positions.length - 1) / MILESTONES))
  let driven = 0
  let last: Position | undefined
  return positions.flatMap((position, index) => {
    if (last) driven += metersBetween(last, position)
    last = position
    if (index % step !== 0 && index !== positions.length - 1) return []
    const [seconds, , , kph] = position
    const after = lasting(seconds)
    return [{ after, driven: distance(driven), speed: kph === null ? 'not known' : `${kph} km/h` }]
  })
}

function metersBetween([, lat, lng]: Position, [, otherLat, otherLng]: Position): number {
  const east = (otherLng - lng) * Math.cos((((lat + otherLat) / 2) * Math.PI) / 180)
  return Math.hypot(otherLat - lat, east) * METERS_PER_DEGREE
}
