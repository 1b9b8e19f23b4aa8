import type pg from 'pg'
import { PLATFORM_FEE_BPS, TRAVEL_MINUTES } from '../schools.ts'
import { learnerNames } from './names.ts'
import type { LargeSchool } from './plan.ts'

/** The few rows of each school that everything else refers to. */
export async function insertSchools(client: pg.Client, schools: readonly LargeSchool[]): Promise<void> {
  const each = (rowsOf: (school: LargeSchool) => object[]): object[] =>
    schools.flatMap((school) =>
      rowsOf(school).map((row) => ({ createdAt: school.openedAt, updatedAt: school.openedAt, ...row })),
    )
  const inside = (rowsOf: (school: LargeSchool) => object[]): object[] =>
    each((school) => rowsOf(school).map((row) => ({ orgId: school.id, ...row })))
  const send = (table: string, rows: object[]): Promise<void> => insert(client, table, rows)
  await send(
    'Org',
    each(({ id, name, zone }) => [
      { id, name, timeZone: zone, status: 'active', currency: 'AUD', gstRegistered: true },
    ]),
  )
  await client.query(`INSERT INTO "OrgSettings" ("orgId") SELECT unnest($1::uuid[])`, [schools.map(({ id }) => id)])
  await send(
    'User',
    each(({ managerId, manager, email }) => [
      { id: managerId, fullName: manager, email, platformRole: 'none', failedLogins: 0 },
    ]),
  )
  await send(
    'UserOrg',
    inside(({ managerId }) => [{ id: managerId, userId: managerId, role: 'manager', status: 'active' }]),
  )
  await send(
    'Instructor',
    inside(({ teachers }) => teachers.map(({ id, name }) => ({ id, displayName: name, ...TEACHER }))),
  )
  await send(
    'Vehicle',
    inside(({ teachers }) =>
      teachers.map(({ id, vehicleId, rego }) => ({ id: vehicleId, rego, defaultInstructorId: id, ...CAR })),
    ),
  )
  await send(
    'Location',
    inside(({ locationId, name }) => [{ id: locationId, name: `Office of ${name}`, kind: 'office', active: true }]),
  )
  await send(
    'Service',
    inside(({ services }) =>
      services.map(({ id, minutes }) => ({
        id,
        name: `Lesson, ${minutes} minutes`,
        durationMin: minutes,
        lessonType: 'standard',
        active: true,
      })),
    ),
  )
  await send(
    'RateCard',
    inside(({ rateCardId }) => [{ id: rateCardId, name: 'Standard prices', currency: 'AUD', isDefault: true }]),
  )
  await send(
    'RateCardItem',
    inside(({ rateCardId, services }) =>
      services.map(({ id, cents }) => ({ id, rateCardId, serviceId: id, priceCents: cents })),
    ),
  )
}

const TEACHER = {
  gstRegistered: false,
  teachesAutomatic: true,
  teachesManual: false,
  active: true,
  stripeOnboardingStatus: 'complete',
}
const CAR = {
  regoState: 'NSW',
  make: 'Toyota',
  model: 'Corolla',
  transmission: 'automatic',
  dualControls: true,
  active: true,
}

async function insert(client: pg.Client, table: string, rows: object[]): Promise<void> {
  const columns = Object.keys(rows[0]!)
    .map((column) => `"${column}"`)
    .join(', ')
  const statement = `INSERT INTO "${table}" (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb)`
  await client.query(statement, [JSON.stringify(rows)])
}

/** Learners of one instructor drive in cohorts, so that nobody has two lessons at a time. */
const COHORT = { learners: 20, lessons: 300 }

/** Every instructor's days: the week they began, so that the calendar ends about five weeks ahead of `monday`. */
export async function planCalendar(client: pg.Client, schools: readonly LargeSchool[]): Promise<void> {
  await client.query(
    `CREATE TEMP TABLE school_plan ON COMMIT DROP AS SELECT * FROM jsonb_to_recordset($1::jsonb)
    AS s(id uuid, zone text, "rateCardId" uuid, "locationId" uuid, services jsonb)`,
    [JSON.stringify(schools)],
  )
  const teachers = schools.flatMap(({ id, teachers: them }) => them.map((teacher) => ({ school: id, ...teacher })))
  await client.query(
    `CREATE TEMP TABLE teacher_plan ON COMMIT DROP AS
    SELECT t.*, row_number() OVER () AS salt, w.weeks, w.weeks - least(5, w.weeks / 4) - 1 AS weeks_before
      FROM jsonb_to_recordset($1::jsonb) AS t(school uuid, id uuid, "vehicleId" uuid, bookings int),
           LATERAL (SELECT ceil(t.bookings / 30.0)::int AS weeks) w`,
    [JSON.stringify(teachers)],
  )
}

/** An id shaped like version 7 of RFC 9562 from a time and a name. */
const ID = (time: string, name: string): string =>
  `(lpad(to_hex((extract(epoch FROM ${time}) * 1000)::bigint), 12, '0') || '7' || overlay(substr(md5(${name}), 1, 19) PLACING '8' FROM 4 FOR 1))::uuid`

/** A number from 0 to 99 that looks random and is the same in every run. */
const PERCENT = (n: string, stream: number): string => `abs(hashint8extended(${n}, ${stream}) % 100)::int`

/** @param monday the Monday of this week, as a date */
export async function insertLearners(client: pg.Client, monday: string): Promise<void> {
  await client.query(
    `CREATE TEMP TABLE learner_plan ON COMMIT DROP AS
    SELECT t.school, t.id AS teacher, n, joined, t.salt * 100000 + n AS salt, ${ID('joined', `t.id || '/' || n`)} AS id
      FROM teacher_plan t,
           generate_series(0, ceil(t.bookings / ${COHORT.lessons}.0)::int * ${COHORT.learners} - 1) n,
           LATERAL (SELECT ($1::date + (n / ${COHORT.learners} * ${COHORT.lessons / 30} - t.weeks_before) * 7 - 3 - n % 30)::timestamptz AS joined) j
     ORDER BY joined`,
    [monday],
  )
  await client.query(
    `INSERT INTO "Student" (id, "orgId", "fullName", phone, email, dob, "licenceType", "permitNumber", "permitState", "createdAt", "updatedAt")
    SELECT id, school, ($2::text[])[1 + abs(hashint8extended(salt, 1) % cardinality($2::text[]))],
           '0491 570 ' || lpad((salt % 1000)::text, 3, '0'), 'learner.' || salt || '@example.test',
           $1::date - 365 * (16 + ${PERCENT('salt', 2)} / 6) - ${PERCENT('salt', 3)}, 'learner', (10000000 + salt)::text, 'NSW', joined, joined
      FROM learner_plan`,
    [monday, learnerNames],
  )
  await client.query('CREATE INDEX ON learner_plan (teacher, n)')
  await client.query('ANALYZE learner_plan')
}

/** Starts of the five lessons of a day, in minutes after midnight, a quarter of an hour apart when both are long. */
const STARTS = 'ARRAY[510, 630, 795, 930, 1050]'

/** All bookings in the order in which they were made, so that the schools' rows lie mixed as they would after years. */
export async function insertBookings(client: pg.Client, now: Date, monday: string): Promise<void> {
  await client.query(
    `INSERT INTO "Booking" (id, "orgId", "studentId", "instructorId", "serviceId", "vehicleId", "locationId", "rateCardId",
      "startAt", "endAt", "blockedUntil", status, "holdExpiresAt", "pickupAddress", "priceCents", "platformFeeBps", "platformFeeCents",
      "instructorShareCents", "cancelledAs", "cancelledAt", "cancellationReason", "previousStatus", "statusChangedAt", version, "createdAt", "updatedAt")
    SELECT ${ID('made', `teacher || '/booking/' || k`)}, school, learner, teacher, service, CASE WHEN chance % 10 > 1 THEN car END, office, card,
           starts, ends, ends + interval '${TRAVEL_MINUTES} minutes', status, CASE status WHEN 'pending_payment' THEN $1::timestamptz + interval '20 minutes' END,
           (1 + salt % 180) || ' Station Street', cents, ${PLATFORM_FEE_BPS}, fee, cents - fee,
           CASE status WHEN 'cancelled' THEN 'student'::"CancellationActor" END, CASE status WHEN 'cancelled' THEN changed END,
           CASE status WHEN 'cancelled' THEN 'Ill today' END, CASE WHEN status IN ('completed', 'no_show', 'cancelled') THEN 'confirmed'::"BookingStatus" END,
           changed, 2, made, greatest(made, changed)
      FROM (${DETAILED}) detailed ORDER BY made, k`,
    [now, monday],
  )
}

const LESSONS = `
  SELECT t.school, t.id AS teacher, t."vehicleId" AS car, s."locationId" AS office, s."rateCardId" AS card, l.id AS learner, k,
         t.salt * 100000 + k AS salt, ${PERCENT('t.salt * 100000 + k', 4)} AS chance, p.id AS service, p.cents, p."feeCents" AS fee, p.minutes,
         (($2::date + (k / 30 - t.weeks_before) * 7 + k / 5 % 6)::timestamp
           + make_interval(mins => (${STARTS})[1 + k % 5] + 15 * (${PERCENT('t.salt * 100000 + k', 5)} % 2))) AT TIME ZONE s.zone AS starts
    FROM teacher_plan t
    JOIN school_plan s ON s.id = t.school
    CROSS JOIN LATERAL generate_series(0, t.bookings - 1) k
    JOIN learner_plan l ON l.teacher = t.id
      AND l.n = k / ${COHORT.lessons} * ${COHORT.learners} + abs(hashint8extended(t.salt * 100000 + k, 6) % ${COHORT.learners})
    JOIN service_plan p ON p.school = t.school
      AND p.minutes = CASE WHEN ${PERCENT('t.salt * 100000 + k', 7)} < 70 THEN 60 ELSE 90 END`

/** Where each booking stands: four of five past lessons were given, most of those ahead are confirmed. */
const DETAILED = `
  SELECT *, CASE WHEN status = 'cancelled' THEN least(starts - make_interval(hours => 1 + chance), $1::timestamptz - interval '1 minute')
                 WHEN status IN ('completed', 'no_show') THEN ends + interval '5 minutes'
                 WHEN status = 'in_progress' THEN starts ELSE made END AS changed
    FROM (SELECT *, least(starts - make_interval(days => 5 + chance / 6, mins => chance * 7), $1::timestamptz - make_interval(days => 5, mins => chance * 11)) AS made,
                 (CASE WHEN ends + interval '40 minutes' <= $1 THEN CASE WHEN chance < 82 THEN 'completed' WHEN chance < 97 THEN 'cancelled' ELSE 'no_show' END
                       WHEN starts <= $1 THEN 'in_progress'
                       ELSE CASE WHEN chance < 86 THEN 'confirmed' WHEN chance < 91 THEN 'requested' WHEN chance < 93 THEN 'pending_payment' ELSE 'cancelled' END
                  END)::"BookingStatus" AS status
            FROM (SELECT *, starts + make_interval(mins => minutes) AS ends FROM (${LESSONS}) lessons) timed) placed`
