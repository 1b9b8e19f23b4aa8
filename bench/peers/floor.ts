/**
 * The least that can answer the bookings list: Express, pg and the best SQL for the fields that the panel sends. No
 * tenancy, no session, no compression, no permissions. Peer of the `list` benchmark; DATABASE_URL ignores the policies.
 */
import express from 'express'
import pg from 'pg'

const CAP = 10_000
const PER_PAGE = 25

// each statement is planned once for a connection: the plan is right for every school
const options = '-c plan_cache_mode=force_generic_plan'
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, options })

const pageOf = (after: string): string => `
  SELECT b.id, b."startAt", b.status, b."priceCents", b.currency, b."pickupAddress",
         s.id, s."fullName", i.id, i."displayName", v.id, v.name, l.id, l.name, c.id, c.rego, s.phone
    FROM (SELECT * FROM "Booking" WHERE "orgId" = $1 ${after} ORDER BY "startAt" DESC, id DESC LIMIT ${PER_PAGE + 1}) b
    JOIN "Student" s ON s.id = b."studentId" JOIN "Instructor" i ON i.id = b."instructorId"
    JOIN "Service" v ON v.id = b."serviceId" LEFT JOIN "Location" l ON l.id = b."locationId"
    LEFT JOIN "Vehicle" c ON c.id = b."vehicleId"
   ORDER BY b."startAt" DESC, b.id DESC`

const PAGE = pageOf('')
const PAGE_AFTER = pageOf('AND ("startAt", id) < ($2, $3)')
const COUNT = `SELECT count(*)::int FROM (SELECT FROM "Booking" WHERE "orgId" = $1 LIMIT ${CAP + 1}) counted`

const read = (name: string, text: string, values: unknown[]) =>
  pool.query<unknown[]>({ name, text, values, rowMode: 'array' })

const app = express().disable('x-powered-by').disable('etag')

app.get('/bookings', async (req, res) => {
  const { orgId, startAt, id } = req.query
  const [page, counted] = await Promise.all([
    id ? read('after', PAGE_AFTER, [orgId, startAt, id]) : read('page', PAGE, [orgId]),
    read('count', COUNT, [orgId]),
  ])
  const count = counted.rows[0]![0] as number
  const records = page.rows.slice(0, PER_PAGE).map(toRecord)
  const { startAt: at, id: last } = records.at(-1) ?? {}
  const next = page.rows.length > PER_PAGE ? { startAt: at, id: last } : undefined
  res.json({ meta: { total: Math.min(count, CAP), totalIsCapped: count > CAP, perPage: PER_PAGE, next }, records })
})

app.listen(Number(process.env.PORT), '127.0.0.1')

function toRecord(row: unknown[]) {
  const [id, startAt, status, priceCents, currency, pickupAddress, ...references] = row
  const reference = (at: number) => references[at] && { id: references[at], title: references[at + 1] }
  return {
    id,
    startAt,
    status,
    priceCents,
    currency,
    pickupAddress,
    student: reference(0),
    instructor: reference(2),
    service: reference(4),
    location: reference(6),
    vehicle: reference(8),
    studentPhone: references[10],
  }
}
