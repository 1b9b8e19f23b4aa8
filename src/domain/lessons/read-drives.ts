import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { metersBetween } from '../places.ts'
import { type Position, metersAlong, plausibleStretches } from './plausible-positions.ts'

/** A position as it is drawn. */
export interface DrawnPosition extends Position {
  /** As the device said, or as the way since the position before tells; null at the start of a stretch. */
  readonly kph: number | null
}

/** What is known of a trip: enough to draw it, however long it was. */
export interface Drive {
  readonly tripId: string
  readonly startedAt: Date
  readonly endedAt: Date | null
  /** When its positions were deleted. */
  readonly purgedAt: Date | null
  /** Positions that were recorded; those of `stretches` are at most `MOST_DRAWN`. */
  readonly recorded: number
  readonly meters: number
  readonly fastestKph: number | null
  readonly stretches: readonly (readonly DrawnPosition[])[]
}

/** More corners than a map of this size can show. */
export const MOST_DRAWN = 500
const MOST_TRIPS = 5

/**
 * The drives of a lesson, the first of its trips first. Of a long drive every so many positions are read, and its first and
 * last: what is sent does not grow with what was recorded.
 */
export async function readDrives(work: UnitOfWork, lessonId: string): Promise<Drive[]> {
  const rows = await work.tx.$queryRawUnsafe<Row[]>(DRIVES, work.orgId, lessonId)
  return rows.map(({ id, startedAt, endedAt, purgedAt, recorded, fastest, positions }) => {
    const read = (positions ?? []).map(([ms, lat, lng, kph]) => ({ ts: new Date(ms), lat, lng, kph }))
    return {
      tripId: id,
      startedAt,
      endedAt,
      purgedAt,
      recorded,
      meters: metersAlong(read),
      fastestKph: fastest,
      stretches: plausibleStretches(read).map(withSpeeds),
    }
  })
}

interface Row {
  id: string
  startedAt: Date
  endedAt: Date | null
  purgedAt: Date | null
  recorded: number
  fastest: number | null
  positions: [ms: number, lat: number, lng: number, kph: number | null][] | null
}

const DRIVES = `SELECT t.id, t."startedAt", t."endedAt", t."purgedAt", coalesce(p.recorded, 0)::int AS recorded, p.fastest, p.positions
  FROM (SELECT * FROM "Trip" WHERE "orgId" = $1::uuid AND "lessonId" = $2::uuid ORDER BY "startedAt", id LIMIT ${MOST_TRIPS}) t
  LEFT JOIN LATERAL (
    SELECT max(n.recorded) AS recorded, max(n.kph) AS fastest,
           jsonb_agg(jsonb_build_array(n.ms, n.lat, n.lng, n.kph) ORDER BY n.ms)
             FILTER (WHERE n.place = 1 OR n.place = n.recorded OR n.place % n.each = 0) AS positions
      FROM (SELECT extract(epoch FROM p.ts) * 1000 AS ms, p.lat::float8, p.lng::float8, p."speedKph"::float8 AS kph,
                   row_number() OVER (ORDER BY p.ts) AS place, count(*) OVER () AS recorded,
                   greatest(1, ceil(count(*) OVER () / ${MOST_DRAWN - 2}.0))::int AS each
              FROM "TripPoint" p WHERE p."tripId" = t.id AND p."orgId" = $1::uuid) n) p ON true
 ORDER BY t."startedAt", t.id`

function withSpeeds<P extends DrawnPosition>(stretch: readonly P[]): DrawnPosition[] {
  return stretch.map((position, index) => {
    const before = stretch[index - 1]
    if (position.kph !== null || !before) return position
    const seconds = (position.ts.getTime() - before.ts.getTime()) / 1000
    return { ...position, kph: seconds > 0 ? (metersBetween(before, position) / seconds) * 3.6 : null }
  })
}
