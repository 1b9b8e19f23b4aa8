/**
 * The instant of a time of `day`, as an interval since midnight. On the two days a year on which the clocks change it is the
 * wall time that counts ($4 is the zone): PostgreSQL would move a time that the clocks skip behind the skip; here it is the
 * moment of the skip itself, so that hours until 02:30 end when the clocks go from 02:00 to 03:00. (Clocks skip from a full
 * hour in every zone a school may be in.) Of a time that comes twice it is the second. All other days save the conversion.
 */
function instant(time: string): string {
  const wall = `(day.day + ${time})`
  const exists = `${wall} AT TIME ZONE $4 AT TIME ZONE $4 = ${wall}`
  return `CASE WHEN day.plain THEN day.begins + ${time}
            ELSE (CASE WHEN ${exists} THEN ${wall} ELSE date_trunc('hour', ${wall}) END) AT TIME ZONE $4 END`
}

/** Two times as a range; empty when a clock change has turned them round. */
const span = (from: string, to: string): string =>
  `tstzrange(${instant(from)}, CASE WHEN day.plain THEN day.begins + ${to} ELSE greatest(${instant(from)}, ${instant(to)}) END)`

const ms = (time: string): string => `(date_part('epoch', ${time}) * 1000)::bigint`

/**
 * Parameters: school, first day, last day, zone, instructors, least minutes, booking that moves (or null), what is ignored.
 * One value: days as JSON, see free-time.ts. PostgreSQL subtracts the ranges, day by day.
 *
 * The status is compared as text, so that the lessons are found by school and time: compared as what it is, it is the
 * condition of booking_student_free, and PostgreSQL reads all lessons of the school in that index (25 ms of 20,000).
 */
export const FREE_TIME = `
WITH day AS MATERIALIZED (
  SELECT d::date AS day, extract(dow FROM d)::int AS dow, d AT TIME ZONE $4 AS begins,
         (d + interval '1 day') AT TIME ZONE $4 - d AT TIME ZONE $4 = interval '24 hours' AS plain
    FROM generate_series($2::date::timestamp, $3::date::timestamp, interval '1 day') d
), midnight AS (
  SELECT array_agg(begins ORDER BY begins) AS list FROM day
), pattern AS (
  SELECT h."instructorId", h."dayOfWeek", h."effectiveFrom", h."effectiveTo", h."maxLessonsPerDay", h."travelBufferMin",
         h."startTime"::interval AS "from", h."endTime"::interval AS "to",
         h."breakStartTime"::interval AS "breakFrom", h."breakEndTime"::interval AS "breakTo"
    FROM "InstructorWorkingHours" h
   WHERE h."orgId" = $1::uuid AND h."instructorId" = ANY ($5::uuid[]) AND h."isActive"
  UNION ALL
  SELECT a."instructorId", a."dayOfWeek", a."effectiveFrom", a."effectiveTo", NULL, NULL,
         make_interval(mins => a."startMinute"), make_interval(mins => a."endMinute"), NULL, NULL
    FROM "InstructorAvailability" a
   WHERE a."orgId" = $1::uuid AND a."instructorId" = ANY ($5::uuid[]) AND a."instructorId" NOT IN (
           SELECT h."instructorId" FROM "InstructorWorkingHours" h WHERE h."orgId" = $1::uuid AND h."isActive")
), shift AS MATERIALIZED (
  SELECT p."instructorId", day.day, p."maxLessonsPerDay", p."travelBufferMin",
         ${span('p."from"', 'p."to"')} AS span,
         CASE WHEN p."breakFrom" IS NOT NULL THEN ${span('p."breakFrom"', 'p."breakTo"')} END AS break
    FROM day JOIN pattern p ON p."dayOfWeek" = day.dow
   WHERE coalesce(p."effectiveFrom" <= day.day, true) AND coalesce(p."effectiveTo" > day.day, true)
), exception AS MATERIALIZED (
  SELECT e."instructorId", e.date AS day, e."isAvailable",
         ${span('make_interval(mins => coalesce(e."startMinute", 0))', 'make_interval(mins => coalesce(e."endMinute", 1440))')} AS span
    FROM "AvailabilityException" e JOIN day ON day.day = e.date
   WHERE e."orgId" = $1::uuid AND e."instructorId" = ANY ($5::uuid[])
), lesson AS MATERIALIZED (
  SELECT b."instructorId", b."startAt", b."endAt", b."blockedUntil",
         $2::date - 1 + width_bucket(b."startAt", midnight.list) AS day,
         $2::date - 1 + width_bucket(b."blockedUntil" - interval '1 ms', midnight.list) AS "lastDay",
         coalesce(b."pickupLat", l.lat) AS lat, coalesce(b."pickupLng", l.lng) AS lng,
         coalesce(b."dropoffLat", b."pickupLat", l.lat) AS "endLat", coalesce(b."dropoffLng", b."pickupLng", l.lng) AS "endLng"
    FROM "Booking" b LEFT JOIN "Location" l ON l.id = b."locationId" AND l."orgId" = $1::uuid, midnight
   WHERE $8 <> 'lessons' AND b."orgId" = $1::uuid AND b."instructorId" = ANY ($5::uuid[]) AND b.status::text NOT IN ('draft', 'cancelled')
     AND b."startAt" >= ($2::date::timestamp AT TIME ZONE $4) - interval '1 day'
     AND b."startAt" < (($3::date + 1)::timestamp AT TIME ZONE $4) AND ($7::uuid IS NULL OR b.id <> $7::uuid)
), opened AS (
  SELECT "instructorId", day, range_agg(span) AS spans, max("maxLessonsPerDay") AS maximum, max("travelBufferMin") AS buffer
    FROM (SELECT "instructorId", day, span, "maxLessonsPerDay", "travelBufferMin" FROM shift
          UNION ALL SELECT "instructorId", day, span, NULL, NULL FROM exception WHERE "isAvailable") o
   GROUP BY 1, 2
), closed AS (
  SELECT "instructorId", day, range_agg(span) AS spans
    FROM (SELECT "instructorId", day, break AS span FROM shift WHERE break IS NOT NULL
          UNION ALL SELECT "instructorId", day, span FROM exception WHERE NOT "isAvailable"
          UNION ALL SELECT "instructorId", day, tstzrange("startAt", "blockedUntil") FROM lesson
          UNION ALL SELECT "instructorId", "lastDay", tstzrange("startAt", "blockedUntil") FROM lesson WHERE "lastDay" <> day) c
   GROUP BY 1, 2
), given AS (
  SELECT "instructorId", day, count(*) AS number,
         json_agg(json_build_array(${ms('"startAt"')}, ${ms('"endAt"')}, lat, lng, "endLat", "endLng") ORDER BY "startAt") AS lessons
    FROM lesson GROUP BY 1, 2
)
SELECT json_agg(json_build_array("instructorId", day, coalesce(buffer, 15), gap.list, lessons))::text AS days
  FROM opened LEFT JOIN closed USING ("instructorId", day) LEFT JOIN given USING ("instructorId", day),
       LATERAL (SELECT json_agg(json_build_array(${ms('lower(span)')}, ${ms('upper(span)')})) AS list
                  FROM unnest(opened.spans - coalesce(closed.spans, '{}'::tstzmultirange)) span
                 WHERE upper(span) - lower(span) >= make_interval(mins => $6::int)) gap
 WHERE gap.list IS NOT NULL AND ($8 = 'maximum' OR coalesce(number < maximum, true))`
