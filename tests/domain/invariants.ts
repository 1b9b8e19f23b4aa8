import type { School } from '../support/school.ts'

/** What is true of the bookings of a school whatever was done with them; each statement finds what is not. */
const INVARIANTS: Readonly<Record<string, string>> = {
  'an instructor is in one place at a time, the way included': `
    SELECT a.id FROM "Booking" a JOIN "Booking" b ON a.id < b.id AND a."instructorId" = b."instructorId"
     WHERE a.status NOT IN ('draft', 'cancelled') AND b.status NOT IN ('draft', 'cancelled')
       AND a."startAt" < b."blockedUntil" AND b."startAt" < a."blockedUntil"`,
  'a learner is in one car at a time': `
    SELECT a.id FROM "Booking" a JOIN "Booking" b ON a.id < b.id AND a."studentId" = b."studentId"
     WHERE a.status NOT IN ('draft', 'cancelled') AND b.status NOT IN ('draft', 'cancelled')
       AND a."startAt" < b."endAt" AND b."startAt" < a."endAt"`,
  'a day has no more lessons than the instructor gives': `
    SELECT min(b.id::text) AS id FROM "Booking" b WHERE b.status NOT IN ('draft', 'cancelled')
     GROUP BY b."instructorId", (b."startAt" AT TIME ZONE 'Australia/Sydney')::date
    HAVING count(*) > (SELECT max("maxLessonsPerDay") FROM "InstructorWorkingHours" h WHERE h."instructorId" = b."instructorId")`,
  'a lesson is inside the hours and outside the break': `
    SELECT b.id FROM "Booking" b JOIN "InstructorWorkingHours" h ON h."instructorId" = b."instructorId"
       AND h."dayOfWeek" = extract(dow FROM b."startAt" AT TIME ZONE 'Australia/Sydney')
     WHERE (b."startAt" AT TIME ZONE 'Australia/Sydney')::time < h."startTime"::time
        OR (b."endAt" AT TIME ZONE 'Australia/Sydney')::time > h."endTime"::time
        OR ((b."startAt" AT TIME ZONE 'Australia/Sydney')::time < h."breakEndTime"::time
            AND (b."endAt" AT TIME ZONE 'Australia/Sydney')::time > h."breakStartTime"::time)`,
  'the buffer follows the lesson': `SELECT id FROM "Booking" WHERE "blockedUntil" - "endAt" <> interval '15 minutes'`,
  'the price is the fee and the share': `
    SELECT id FROM "Booking" WHERE "priceCents" <> "platformFeeCents" + "instructorShareCents" OR "priceCents" <> 8500
        OR "platformFeeCents" <> 1275`,
  'the history ends with the status': `
    SELECT b.id FROM "Booking" b WHERE b.status IS DISTINCT FROM (
      SELECT h."toStatus" FROM "LessonStateHistory" h WHERE h."bookingId" = b.id ORDER BY h.id DESC LIMIT 1)`,
  'each step of the history begins where the one before ended': `
    SELECT "bookingId" AS id FROM (
      SELECT "bookingId", "fromStatus", lag("toStatus") OVER (PARTITION BY "bookingId" ORDER BY id) AS before
        FROM "LessonStateHistory") h WHERE "fromStatus" IS DISTINCT FROM before`,
  'the version is the number of changes': `
    SELECT b.id FROM "Booking" b WHERE b.version <> (SELECT count(*) FROM "LessonStateHistory" h WHERE h."bookingId" = b.id)`,
  'there is one event for each version': `
    SELECT b.id FROM "Booking" b WHERE (SELECT array_agg(o."aggregateVersion" ORDER BY o.seq) FROM "Outbox" o
      WHERE o."aggregateId" = b.id::text) IS DISTINCT FROM (SELECT array_agg(n ORDER BY n) FROM generate_series(1, b.version) n)`,
  'the clock will do what the status asks for, and nothing else': `
    SELECT b.id FROM "Booking" b WHERE coalesce((SELECT array_agg(s.reason ORDER BY s.reason) FROM "ScheduledStateTransition" s
        WHERE s."bookingId" = b.id AND s."processedAt" IS NULL), '{}') <> CASE b.status
      WHEN 'draft' THEN ARRAY['draft_expired'] WHEN 'pending_payment' THEN ARRAY['hold_expired']
      WHEN 'confirmed' THEN ARRAY['no_show', 'no_show_flag'] ELSE '{}'::text[] END`,
  'the clock looks at the time that the lesson has now': `
    SELECT s.id FROM "ScheduledStateTransition" s JOIN "Booking" b ON b.id = s."bookingId"
     WHERE s."processedAt" IS NULL AND s."executeAt" <> CASE s.reason WHEN 'no_show' THEN b."endAt" + interval '30 minutes'
      WHEN 'no_show_flag' THEN b."startAt" + interval '15 minutes' WHEN 'hold_expired' THEN b."holdExpiresAt"
      ELSE b."createdAt" + interval '60 minutes' END`,
  'what has begun has a record, and what has ended has its length': `
    SELECT b.id FROM "Booking" b LEFT JOIN "Lesson" l ON l."bookingId" = b.id
     WHERE (b.status IN ('in_progress', 'completed')) AND l."startedAt" IS NULL OR b.status = 'completed' AND l."durationSec" IS NULL`,
  'what is cancelled says when and why': `
    SELECT id FROM "Booking" WHERE (status = 'cancelled') <> ("cancelledAt" IS NOT NULL AND "cancellationReason" <> '')`,
}

/** The invariants that do not hold, each with the ids that break it. */
export async function brokenInvariants(school: School): Promise<Record<string, string[]>> {
  const broken: Record<string, string[]> = {}
  for (const [name, statement] of Object.entries(INVARIANTS)) {
    const rows = await school.run(statement)
    if (rows.length > 0) broken[name] = rows.map(({ id }) => id)
  }
  return broken
}
