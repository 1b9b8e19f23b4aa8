/**
 * The least that can answer a booking's record and save one of its fields: Express, pg and the best statement for each.
 * No tenancy, no session, no permissions, no comparison; the audit row is written by the same trigger. Peer of the
 * `record` benchmark; DATABASE_URL ignores the policies.
 */
import express from 'express'
import pg from 'pg'

// each statement is planned once for a connection
const options = '-c plan_cache_mode=force_generic_plan'
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, options })

/** Of a booking, what the panel shows of it to a manager. */
const COLUMNS = process.env.COLUMNS!.split(',')
const REFERENCES = ['student', 'instructor', 'service', 'vehicle', 'location', 'rateCard', 'policy']

const joined = (from: string): string => `
  SELECT ${COLUMNS.map((column) => `b."${column}"`).join(', ')}, b."startAt",
         s."fullName", i."displayName", v.name, c.rego, l.name, r.name, p.actor
    FROM ${from} b
    JOIN "Student" s ON s.id = b."studentId" JOIN "Instructor" i ON i.id = b."instructorId"
    JOIN "Service" v ON v.id = b."serviceId" LEFT JOIN "Vehicle" c ON c.id = b."vehicleId"
    LEFT JOIN "Location" l ON l.id = b."locationId" LEFT JOIN "RateCard" r ON r.id = b."rateCardId"
    LEFT JOIN "CancellationPolicy" p ON p.id = b."policyId"`

const RECORD = `${joined('"Booking"')} WHERE b.id = $1 AND b."orgId" = $2`
const EDIT = `WITH edited AS (UPDATE "Booking" SET notes = $3, "updatedAt" = now() WHERE id = $1 AND "orgId" = $2 RETURNING *)${joined('edited')}`

const app = express().disable('x-powered-by').disable('etag')

app.get('/bookings/:id', async (req, res) => {
  const values = [req.params.id, req.query.orgId]
  const { rows } = await pool.query<unknown[]>({ name: 'record', text: RECORD, values, rowMode: 'array' })
  res.json({ record: toRecord(rows[0]!) })
})

app.post('/bookings/:id', express.urlencoded({ extended: false }), async (req, res) => {
  const { notes } = req.body as { notes: string }
  const values = [req.params.id, req.query.orgId, notes]
  const { rows } = await pool.query<unknown[]>({ name: 'edit', text: EDIT, values, rowMode: 'array' })
  res.json({ record: toRecord(rows[0]!), notice: { type: 'success', message: 'Saved.' } })
})

app.listen(Number(process.env.PORT), '127.0.0.1')

function toRecord(row: unknown[]) {
  const params = Object.fromEntries(COLUMNS.map((column, index) => [column.replace(/Id$/, ''), row[index]]))
  const names = row.slice(COLUMNS.length + 1)
  const populated = Object.fromEntries(
    REFERENCES.flatMap((name, index) => (params[name] ? [[name, { id: params[name], title: names[index] }]] : [])),
  )
  const title = `${names[0] as string} · ${(row[COLUMNS.length] as Date).toISOString()}`
  return { id: params.id, title, params, populated, errors: {}, recordActions: ['show', 'edit'], bulkActions: [] }
}
