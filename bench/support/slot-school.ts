import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { type Place, placeHash } from '../../src/domain/places.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import type { DataSet } from './data-set.ts'
import { progress } from './figures.ts'

export interface SlotSchool {
  readonly appUrl: string
  readonly orgId: string
  readonly serviceId: string
  readonly studentId: string
  readonly pickup: Place
  /** A Monday morning; the bookings are of the 80 days after it. */
  readonly now: Date
}

const NAME = 'slots'
const SUBURBS = 30

/** A school with 50 instructors and 20,000 bookings ahead, in a database of its own on the server of the data set. */
export async function makeSlotSchool({ appUrl, ownerUrl, superuserUrl }: DataSet): Promise<SlotSchool> {
  const inScratch = (url: string) => Object.assign(new URL(url), { pathname: `/${NAME}` }).href
  await inClient(superuserUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${NAME} OWNER driveflow_owner`)
  })
  await migrate(inScratch(ownerUrl), inScratch(appUrl))
  const school = {
    orgId: randomUUID(),
    serviceId: randomUUID(),
    studentId: randomUUID(),
    pickup: suburb(0),
    now: new Date('2027-01-31T21:00:00Z'),
  }
  const bookings = await inClient(inScratch(superuserUrl), (client) => fill(client, school))
  progress(`made a school with 50 instructors and ${bookings} bookings`)
  return { ...school, appUrl: inScratch(appUrl) }
}

async function inClient<T>(url: string, fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await fn(client)
  } finally {
    await client.end()
  }
}

const suburb = (n: number): Place => ({ lat: -33.7 - (n % 6) * 0.04, lng: 150.9 + Math.floor(n / 6) * 0.05 })

async function fill(client: pg.Client, { orgId, serviceId, studentId }: Omit<SlotSchool, 'appUrl'>): Promise<number> {
  // nobody acts here: no audit, no guards
  await client.query('SET session_replication_role = replica')
  for (const statement of PEOPLE)
    await client.query(statement, [orgId, serviceId, studentId].slice(0, places(statement)))
  await client.query(TRAVEL, [orgId, JSON.stringify(ways())])
  const { rowCount } = await client.query(BOOKINGS, [orgId, serviceId])
  await client.query('VACUUM (ANALYZE)')
  return rowCount ?? 0
}

/** How many values a statement takes. */
const places = (statement: string): number => Math.max(...[...statement.matchAll(/\$(\d)/g)].map(([, n]) => Number(n)))

const PEOPLE = [
  `INSERT INTO "Org" (id, name, "timeZone") VALUES ($1, 'Large', 'Australia/Sydney')`,
  `INSERT INTO "OrgSettings" ("orgId") VALUES ($1)`,
  `INSERT INTO "Service" ("orgId", id, name, "durationMin") VALUES ($1, $2, 'One hour', 60)`,
  `INSERT INTO "RateCard" ("orgId", name, "isDefault") VALUES ($1, 'Standard', true)`,
  `INSERT INTO "RateCardItem" ("orgId", "rateCardId", "serviceId", "priceCents")
   SELECT $1, id, $2::uuid, 8500 FROM "RateCard" WHERE "orgId" = $1`,
  `INSERT INTO "Student" ("orgId", id, "fullName", dob) SELECT $1, CASE n WHEN 1 THEN $3::uuid ELSE uuidv7() END, 'Learner ' || n,
   '2000-01-01' FROM generate_series(1, 2000) n WHERE $2::uuid IS NOT NULL`,
  `INSERT INTO "Instructor" ("orgId", "displayName") SELECT $1, 'Instructor ' || n FROM generate_series(1, 50) n`,
  `INSERT INTO "InstructorCredential" ("orgId", "instructorId", kind, number, "expiresOn", status)
   SELECT $1, i.id, kind, 'N1', '2030-01-01', 'verified' FROM "Instructor" i, unnest(enum_range(NULL::"CredentialKind")) kind`,
  `INSERT INTO "InstructorWorkingHours" ("orgId", "instructorId", "dayOfWeek", "startTime", "endTime", "breakStartTime", "breakEndTime", "maxLessonsPerDay")
   SELECT $1, i.id, dow, '08:00', '18:00', '11:45', '13:00', 8 FROM "Instructor" i, generate_series(1, 6) dow`,
]

const TRAVEL = `INSERT INTO "TravelTimeCache" ("orgId", "fromLocationHash", "toLocationHash", "fromLat", "fromLng", "toLat", "toLng",
    "drivingTimeMin", "distanceMeters", "lastUpdated", "cacheValidUntil")
  SELECT $1, w."from", w."to", 0, 0, 0, 0, w.minutes, 1000, '2027-01-30', '2027-12-31'
    FROM jsonb_to_recordset($2::jsonb) w("from" text, "to" text, minutes int)`

function ways(): { from: string; to: string; minutes: number }[] {
  const all = Array.from({ length: SUBURBS }, (_, n) => n)
  return all.flatMap((from) =>
    all
      .filter((to) => to !== from)
      .map((to) => ({
        from: placeHash(suburb(from)),
        to: placeHash(suburb(to)),
        minutes: 5 + Math.abs(from - to),
      })),
  )
}

/** Seven lessons a day fit; six of seven are taken, at the places of the suburbs in turn. Twenty thousand of them. */
const BOOKINGS = `
  INSERT INTO "Booking" ("orgId", "serviceId", "instructorId", "studentId", "startAt", "endAt", "blockedUntil", status,
    "priceCents", "platformFeeBps", "platformFeeCents", "instructorShareCents", "pickupLat", "pickupLng")
  SELECT $1, $2, i.id, s.id, begins.at, begins.at + interval '60 minutes', begins.at + interval '75 minutes', 'confirmed',
         8500, 1500, 1275, 7225, -33.7 - (place % 6) * 0.04, 150.9 + (place / 6) * 0.05
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM "Instructor") i,
         generate_series(timestamp '2027-02-01', timestamp '2027-04-30', interval '1 day') day,
         unnest(ARRAY['08:00', '09:15', '10:30', '13:00', '14:15', '15:30', '16:45']) WITH ORDINALITY AS slot(time, position),
         LATERAL (SELECT (day + slot.time::interval) AT TIME ZONE 'Australia/Sydney' AS at) begins,
         LATERAL (SELECT ((i.n * 7 + slot.position * 3 + extract(day FROM day)) % ${SUBURBS})::int AS place) where_to,
         LATERAL (SELECT id FROM "Student" OFFSET ((i.n * 40 + slot.position) % 2000)::int LIMIT 1) s
   WHERE extract(dow FROM day) > 0 AND (i.n + slot.position + extract(doy FROM day)::int) % 7 > 0
   ORDER BY day, begins.at LIMIT 20000`
