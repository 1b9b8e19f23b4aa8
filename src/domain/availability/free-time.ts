import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** A stretch in which an instructor could give a lesson. */
export interface FreeTime {
  readonly instructorId: string
  readonly from: Date
  readonly to: Date
  /** Why it ends: the instructor stops working, or the next lesson waits, which wants the travel buffer before it. */
  readonly endsAt: 'hours' | 'lesson'
  /** Minutes kept free after each lesson that day. */
  readonly bufferMin: number
}

interface Search {
  readonly instructorIds: readonly string[]
  /** Local days of the school, `yyyy-mm-dd`, both included. */
  readonly fromDay: string
  readonly toDay: string
  readonly timeZone: string
  /** Stretches shorter than this many minutes are of no use. */
  readonly minutes: number
  /** A booking that is about to be moved does not stand in its own way. */
  readonly without?: string | undefined
}

/**
 * Working hours, minus breaks, minus closed exceptions, plus opened ones, minus bookings; without the days that already have
 * the instructor's maximum of lessons. One statement: PostgreSQL subtracts ranges, and knows the zone's clock changes.
 * Wall times are the truth: an hour that the clocks skip does not exist, one that comes twice counts twice.
 */
export async function freeTime(work: UnitOfWork, search: Search): Promise<FreeTime[]> {
  const rows = await work.tx.$queryRawUnsafe<Row[]>(
    FREE_TIME,
    work.orgId,
    search.fromDay,
    search.toDay,
    search.timeZone,
    [...search.instructorIds],
    search.minutes,
    search.without ?? null,
  )
  return rows.map(({ instructorId, from, to, lessonNext, bufferMin }) => ({
    instructorId,
    from,
    to,
    endsAt: lessonNext ? 'lesson' : 'hours',
    bufferMin,
  }))
}

interface Row {
  instructorId: string
  from: Date
  to: Date
  lessonNext: boolean
  bufferMin: number
}

const FREE_TIME = `
WITH day AS (
  SELECT d::date AS day, extract(dow FROM d)::int AS dow
    FROM generate_series($2::date::timestamp, $3::date::timestamp, interval '1 day') d
), shift AS (
  SELECT h."instructorId", day.day, h."travelBufferMin", h."maxLessonsPerDay",
         (day.day + h."startTime"::time) AT TIME ZONE $4 AS "from", (day.day + h."endTime"::time) AT TIME ZONE $4 AS "to",
         (day.day + h."breakStartTime"::time) AT TIME ZONE $4 AS "breakFrom", (day.day + h."breakEndTime"::time) AT TIME ZONE $4 AS "breakTo"
    FROM day JOIN "InstructorWorkingHours" h ON h."dayOfWeek" = day.dow
   WHERE h."orgId" = $1::uuid AND h."instructorId" = ANY ($5::uuid[]) AND h."isActive"
     AND coalesce(h."effectiveFrom" <= day.day, true) AND coalesce(h."effectiveTo" > day.day, true)
), exception AS (
  SELECT e."instructorId", e."isAvailable", e.date AS day,
         tstzrange((e.date + make_interval(mins => coalesce(e."startMinute", 0))) AT TIME ZONE $4,
                   (e.date + make_interval(mins => coalesce(e."endMinute", 1440))) AT TIME ZONE $4) AS span
    FROM "AvailabilityException" e
   WHERE e."orgId" = $1::uuid AND e."instructorId" = ANY ($5::uuid[]) AND e.date BETWEEN $2::date AND $3::date
), lesson AS MATERIALIZED (
  SELECT b."instructorId", b."startAt", b."blockedUntil", (b."startAt" AT TIME ZONE $4)::date AS day
    FROM "Booking" b
   WHERE b."orgId" = $1::uuid AND b."instructorId" = ANY ($5::uuid[]) AND b.status NOT IN ('draft', 'cancelled')
     AND b."startAt" >= ($2::date::timestamp AT TIME ZONE $4) - interval '1 day'
     AND b."startAt" < (($3::date + 1)::timestamp AT TIME ZONE $4) AND ($7::uuid IS NULL OR b.id <> $7::uuid)
), opened AS (
  SELECT "instructorId", range_agg(span) AS spans FROM (
    SELECT "instructorId", tstzrange("from", greatest("from", "to")) AS span FROM shift
    UNION ALL SELECT "instructorId", span FROM exception WHERE "isAvailable") o
   GROUP BY 1
), closed AS (
  SELECT "instructorId", range_agg(span) AS spans FROM (
    SELECT "instructorId", tstzrange("breakFrom", greatest("breakFrom", "breakTo")) AS span FROM shift WHERE "breakFrom" IS NOT NULL
    UNION ALL SELECT "instructorId", span FROM exception WHERE NOT "isAvailable"
    UNION ALL SELECT "instructorId", tstzrange("startAt", "blockedUntil") FROM lesson) c
   GROUP BY 1
), full_day AS (
  SELECT l."instructorId", l.day FROM lesson l
    JOIN shift s ON s."instructorId" = l."instructorId" AND s.day = l.day
   GROUP BY 1, 2 HAVING count(*) >= max(s."maxLessonsPerDay")
), gap AS (
  SELECT o."instructorId", unnest(o.spans - coalesce(c.spans, '{}'::tstzmultirange)) AS span
    FROM opened o LEFT JOIN closed c USING ("instructorId")
)
SELECT g."instructorId", lower(g.span) AS "from", upper(g.span) AS "to",
       EXISTS (SELECT FROM lesson l WHERE l."instructorId" = g."instructorId" AND l."startAt" = upper(g.span)) AS "lessonNext",
       coalesce((SELECT s."travelBufferMin" FROM shift s WHERE s."instructorId" = g."instructorId"
                    AND s.day = (lower(g.span) AT TIME ZONE $4)::date LIMIT 1), 15) AS "bufferMin"
  FROM gap g
 WHERE upper(g.span) - lower(g.span) >= make_interval(mins => $6::int)
   AND NOT EXISTS (SELECT FROM full_day f WHERE f."instructorId" = g."instructorId" AND f.day = (lower(g.span) AT TIME ZONE $4)::date)
 ORDER BY lower(g.span), g."instructorId"`
