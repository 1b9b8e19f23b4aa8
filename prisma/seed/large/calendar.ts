import type pg from 'pg'
import { PLATFORM_FEE_BPS, TRAVEL_MINUTES } from '../schools.ts'
import { learnerNames } from './names.ts'
import type { LargeSchool } from './plan.ts'

/** When the data set is made. */
export interface Clock {
  readonly now: Date
  /** The Monday of this week, yyyy-mm-dd. */
  readonly monday: string
}

/** An instructor gives five lessons a day from Monday to Saturday, without a gap in the weeks that are told. */
const LESSONS_A_WEEK = 30
/** Learners of one instructor drive in cohorts, ten weeks each: nobody has two lessons at a time. */
const COHORT = { learners: 20, lessons: 300 } as const
/** Starts of the lessons of a day, in minutes after midnight, a quarter of an hour apart when both are long. */
const STARTS = 'ARRAY[510, 630, 795, 930, 1050]'

/** Learners and bookings, made by the database itself out of one row for each instructor. */
export async function insertCalendar(client: pg.Client, schools: readonly LargeSchool[], clock: Clock): Promise<void> {
  await planTeachers(client, schools)
  await planServices(client, schools)
  await insertLearners(client, clock)
  await insertBookings(client, clock)
}

/** With the week in which each begins, so that the calendars end about five weeks ahead. */
async function planTeachers(client: pg.Client, schools: readonly LargeSchool[]): Promise<void> {
  const teachers = schools.flatMap(({ id: school, zone, rateCardId, locationId, teachers: them }) =>
    them.map((teacher) => ({ ...teacher, school, zone, rateCardId, locationId })),
  )
  await client.query(
    `CREATE TEMP TABLE teacher ON COMMIT DROP AS
     SELECT t.*, row_number() OVER () * 100000 AS salt, weeks - least(5, weeks / 4) - 1 AS weeks_before
       FROM jsonb_to_recordset($1::jsonb) AS t(id uuid, school uuid, zone text, "vehicleId" uuid, "rateCardId" uuid,
              "locationId" uuid, bookings int),
            LATERAL (SELECT ceil(t.bookings / ${LESSONS_A_WEEK}.0)::int AS weeks) w`,
    [JSON.stringify(teachers)],
  )
}

async function planServices(client: pg.Client, schools: readonly LargeSchool[]): Promise<void> {
  const services = schools.flatMap(({ id: school, services: them }) => them.map((service) => ({ ...service, school })))
  await client.query(
    `CREATE TEMP TABLE service ON COMMIT DROP AS
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS s(id uuid, school uuid, minutes int, cents int, "feeCents" int)`,
    [JSON.stringify(services)],
  )
}

/** An id shaped like version 7 of RFC 9562, from a time and a name. */
const idOf = (time: string, name: string): string =>
  `(lpad(to_hex((extract(epoch FROM ${time}) * 1000)::bigint), 12, '0')
     || '7' || overlay(substr(md5(${name}), 1, 19) PLACING '8' FROM 4 FOR 1))::uuid`

/** A number from 0 to `below` − 1 that looks random and is the same in every run. */
const pick = (name: string, stream: number, below: number | string): string =>
  `abs(hashint8extended(${name}, ${stream}) % ${below})::int`

async function insertLearners(client: pg.Client, { monday }: Clock): Promise<void> {
  const cohort = `n / ${COHORT.learners}`
  await client.query(
    `CREATE TEMP TABLE learner ON COMMIT DROP AS
     SELECT ${idOf('joined', `t.id || '/' || n`)} AS id, t.school, t.id AS teacher, n, joined, t.salt + n AS salt
       FROM teacher t,
            generate_series(0, ceil(bookings / ${COHORT.lessons}.0)::int * ${COHORT.learners} - 1) n,
            LATERAL (SELECT ($1::date + (${cohort} * ${COHORT.lessons / LESSONS_A_WEEK} - weeks_before) * 7 - 3 - n % 30
              )::timestamptz AS joined) j
      ORDER BY joined`,
    [monday],
  )
  await client.query(
    `INSERT INTO "Student" (id, "orgId", "fullName", phone, email, dob, "licenceType", "permitNumber", "permitState",
            "createdAt", "updatedAt")
     SELECT id, school, ($2::text[])[1 + ${pick('salt', 1, 'cardinality($2::text[])')}],
            '0491 570 ' || lpad((salt % 1000)::text, 3, '0'), 'learner.' || salt || '@example.test',
            $1::date - 365 * ${pick('salt', 2, 20)} - ${pick('salt', 3, 365)} - 5900, 'learner',
            (10000000 + salt)::text, 'NSW', joined, joined
       FROM learner`,
    [monday, learnerNames],
  )
  await client.query('ANALYZE teacher, service, learner')
}

/** All bookings in the order in which they were made, so that the schools' rows lie mixed as they would after years. */
async function insertBookings(client: pg.Client, { now, monday }: Clock): Promise<void> {
  await client.query(
    `INSERT INTO "Booking" (id, "orgId", "studentId", "instructorId", "serviceId", "vehicleId", "locationId", "rateCardId",
            "startAt", "endAt", "blockedUntil", status, "holdExpiresAt", "pickupAddress", "priceCents", "platformFeeBps",
            "platformFeeCents", "instructorShareCents", "cancelledAs", "cancelledAt", "cancellationReason",
            "previousStatus", "statusChangedAt", version, "createdAt", "updatedAt")
     SELECT ${idOf('made', 'salt::text')}, school, learner, teacher, service, vehicle, "locationId", "rateCardId",
            starts, ends, ends + interval '${TRAVEL_MINUTES} minutes', status,
            CASE status WHEN 'pending_payment' THEN $1::timestamptz + interval '20 minutes' END,
            (1 + salt % 180) || ' Station Street', cents, ${PLATFORM_FEE_BPS}, "feeCents", cents - "feeCents",
            CASE status WHEN 'cancelled' THEN 'student'::"CancellationActor" END,
            CASE status WHEN 'cancelled' THEN changed END,
            CASE status WHEN 'cancelled' THEN 'Ill today' END,
            CASE WHEN changed > made THEN 'confirmed'::"BookingStatus" END, changed, 2, made, changed
       FROM (${changed}) placed ORDER BY made, salt`,
    [now, monday],
  )
}

/** Every lesson of every instructor: who, when and for how much. One in four takes a car of the school, the others the instructor's own. */
const lessons = `
  SELECT t.school, t.id AS teacher, "locationId", "rateCardId", l.id AS learner, s.id AS service, cents, "feeCents",
         CASE WHEN ${pick('t.salt + k', 8, 4)} = 0 THEN "vehicleId" END AS vehicle, t.salt + k AS salt, starts,
         starts + make_interval(mins => s.minutes) AS ends, ${pick('t.salt + k', 4, 100)} AS chance
    FROM teacher t
   CROSS JOIN LATERAL generate_series(0, bookings - 1) k
    JOIN learner l ON l.teacher = t.id
     AND l.n = k / ${COHORT.lessons} * ${COHORT.learners} + ${pick('t.salt + k', 6, COHORT.learners)}
    JOIN service s ON s.school = t.school AND s.minutes = CASE WHEN ${pick('t.salt + k', 7, 10)} < 7 THEN 60 ELSE 90 END
   CROSS JOIN LATERAL (SELECT (($2::date + (k / ${LESSONS_A_WEEK} - weeks_before) * 7 + k / 5 % 6)::timestamp
     + make_interval(mins => (${STARTS})[1 + k % 5] + 15 * ${pick('t.salt + k', 5, 2)})) AT TIME ZONE zone AS starts) w`

/** Where each stands at $1: four of five past lessons were given, most of those ahead are confirmed. */
const placed = `
  SELECT *, least(starts, $1) - make_interval(days => 5 + chance / 6, mins => chance * 7) AS made,
         (CASE WHEN ends + interval '40 minutes' <= $1
                 THEN CASE WHEN chance < 82 THEN 'completed' WHEN chance < 97 THEN 'cancelled' ELSE 'no_show' END
               WHEN starts <= $1 THEN 'in_progress'
               WHEN chance < 86 THEN 'confirmed' WHEN chance < 91 THEN 'requested'
               WHEN chance < 93 THEN 'pending_payment' ELSE 'cancelled' END)::"BookingStatus" AS status
    FROM (${lessons}) lessons`

const changed = `
  SELECT *, CASE WHEN status = 'cancelled' THEN least(starts, $1) - make_interval(hours => 1 + chance)
                 WHEN status IN ('completed', 'no_show') THEN ends + interval '5 minutes'
                 WHEN status = 'in_progress' THEN starts ELSE made END AS changed
    FROM (${placed}) placed`
