/** Seconds since the start of the trip, degrees north, degrees east, kilometres an hour. */
export type Position = [seconds: number, lat: number, lng: number, kph: number | null]

export interface Drive {
  tripId: string
  startedAt: string
  endedAt: string | null
  purgedAt: string | null
  recorded: number
  meters: number
  fastestKph: number | null
  stretches: Position[][]
}

export interface Drives {
  lesson: { id: string; distanceMeters: number | null; durationSec: number | null } | null
  drives: Drive[]
}
