import pg from 'pg'
import type { AuditRequest } from '../src/admin/audit/audit-request.ts'
import { statementOf } from '../src/admin/audit/search.ts'
import type { Context } from '../src/core/context.ts'
import { type Database, openDatabase } from '../src/core/db.ts'
import { sealAudit } from '../src/domain/audit/seal.ts'
import { verifyAudit } from '../src/domain/audit/verify.ts'
import { startSealer } from '../src/launch/sealer.ts'
import { Problem } from '../src/postgres/problem.ts'
import type { Bench } from './main.ts'
import { type DataSet, query } from './support/data-set.ts'
import { explain } from './support/explain.ts'
import { median, progress, quantile, report } from './support/figures.ts'

const ENTRIES = 1_000_000
const WRITERS = 8
// so long that the sealer comes by several times
const WRITES_PER_TURN = 600
const SLOW_MS = 100
const TRIES = 5

/** A million audit rows: sealing, checking and searching them, and what sealing costs those who write meanwhile. */
export default async function audit({ dataSet, rounds, lifecycle }: Bench): Promise<void> {
  const db = await lifecycle.begin(
    'the connections',
    () => openDatabase(dataSet.appUrl, { max: WRITERS + 4 }),
    (open) => open.close(),
  )
  await fill(dataSet)
  await seal(db)
  await verify(db)
  await write(db, dataSet, rounds)
  await search(dataSet)
}

async function fill({ superuserUrl }: DataSet): Promise<void> {
  const [{ have }] = (await query(superuserUrl, 'SELECT count(*)::int AS have FROM "AuditLog"')) as [{ have: number }]
  if (have >= ENTRIES) return
  progress(`writing ${ENTRIES - have} audit rows, once …`)
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  await client.query('SET session_replication_role = replica')
  await client.query(FILL, [ENTRIES - have])
  await client.query('VACUUM (ANALYZE) "AuditLog"')
  await client.end()
}

/** As bookings make them: of the school of a random booking, by its staff, over half a year, a tenth of other kinds. */
const FILL = `
WITH booking AS MATERIALIZED (SELECT row_number() OVER () AS n, id, "orgId" FROM "Booking"),
  total AS (SELECT count(*) AS n FROM booking),
  staff AS MATERIALIZED (SELECT "orgId", array_agg("userId") AS ids FROM "UserOrg" GROUP BY 1),
  made AS MATERIALIZED (SELECT i, 1 + floor(random() * total.n)::bigint AS n, now() - random() * interval '180 days' AS at, random() AS kind
    FROM generate_series(1, $1::int) i, total)
INSERT INTO "AuditLog" (id, "orgId", "actorUserId", "actorKind", "actorRole", action, "entityType", "entityId", before, after, "requestId", ip, "createdAt", tx)
SELECT (substr(audit.first_id(at)::text, 1, 14) || '7' || substr(md5(i::text), 1, 3) || '-8' || substr(md5(i::text), 4, 3) || '-' || substr(md5(i::text), 8, 12))::uuid,
  b."orgId", s.ids[1 + (i % cardinality(s.ids))], 'user', 'manager',
  CASE WHEN kind < 0.1 THEN 'student.update' WHEN kind < 0.11 THEN 'vehicle.update' ELSE 'booking.update' END,
  CASE WHEN kind < 0.1 THEN 'Student' WHEN kind < 0.11 THEN 'Vehicle' ELSE 'Booking' END, b.id::text,
  jsonb_build_object('status', 'requested', 'version', i % 5), jsonb_build_object('status', 'confirmed', 'version', i % 5 + 1, 'notes', 'Note ' || i),
  'request-' || i / 3, '203.0.113.' || i % 250, at, 1
  FROM made JOIN booking b USING (n) JOIN staff s ON s."orgId" = b."orgId" ORDER BY at`

async function seal(db: Database): Promise<void> {
  const began = performance.now()
  const rows = await sealAudit(db)
  if (rows < 10_000) return
  report({ name: 'audit.seal_rows_per_s', value: rows / ((performance.now() - began) / 1000), unit: 'rows/s' })
}

async function verify(db: Database): Promise<void> {
  const began = performance.now()
  let rows = 0
  for await (const { checked, bad, name } of verifyAudit(db, { marks: new Map() })) {
    rows += checked
    if (bad) throw new Problem(`${name}: row ${bad.number} ${bad.what}`)
  }
  const seconds = (performance.now() - began) / 1000
  progress(`checked ${rows} rows in ${seconds.toFixed(1)} s`)
  report({ name: 'audit.verify_1m_s', value: (seconds / rows) * 1_000_000, unit: 's' })
}

/** Every way to search, in the largest school, as the app's own role; those that find nothing read the most. */
async function search({ appUrl, superuserUrl, schools }: DataSet): Promise<void> {
  const { orgId } = schools.largest
  const [some] = (await query(
    superuserUrl,
    `SELECT "actorUserId" AS actor, "entityId" AS id, "requestId" AS request, "createdAt" AS at FROM "AuditLog"
      WHERE "orgId" = $1 AND "createdAt" < now() - interval '60 days' ORDER BY "createdAt" DESC LIMIT 1`,
    [orgId],
  )) as { actor: string; id: string; request: string; at: Date }[]
  const { actor, id, request, at } = some!
  const day = { from: new Date(at.getTime() - 43_200_000), until: new Date(at.getTime() + 43_200_000) }
  const asked: Record<string, AuditRequest> = {
    everything: {},
    'a person': { actor },
    'a person on a day': { actor, ...day },
    'nobody here': { actor: orgId },
    'a kind of record': { model: 'Student' },
    'a rare kind': { model: 'Vehicle' },
    'a kind that is not there': { model: 'Refund' },
    'a record': { model: 'Booking', id },
    'an id alone': { id },
    'an action': { action: 'booking.update' },
    'a rare action': { action: 'vehicle.update' },
    'an action that never was': { action: 'user.signIn' },
    'a request': { request },
    'a day': day,
    'a field': { field: 'status' },
    'a field of a record': { model: 'Booking', id, field: 'notes' },
    'a field that nobody changed': { field: 'rating' },
    'such a field of a person': { actor, field: 'rating' },
  }
  const client = new pg.Client({ connectionString: appUrl })
  await client.connect()
  await client.query(`SELECT set_config('app.org_id', $1, false)`, [orgId])
  const times: number[] = []
  for (const [name, asks] of Object.entries(asked)) {
    const tries = []
    for (let turn = 0; turn < TRIES; turn++) tries.push(await explain(client, statementOf(orgId, asks)))
    const { ms, summary } = tries.toSorted((a, b) => a.ms - b.ms)[Math.floor(TRIES / 2)]!
    progress(`${ms.toFixed(1).padStart(7)} ms  ${name}: ${summary}`)
    times.push(ms)
  }
  await client.end()
  report({ name: 'audit.search_ms', value: Math.max(...times), unit: 'ms' })
  if (Math.max(...times) > SLOW_MS) throw new Problem(`A search took ${Math.max(...times).toFixed(0)} ms.`)
}

/** Eight at once change students of one school, in turns with and without the sealer beside them. */
async function write(db: Database, { superuserUrl, schools }: DataSet, rounds: number): Promise<void> {
  const { orgId } = schools.largest
  const rows = (await query(superuserUrl, `SELECT id FROM "Student" WHERE "orgId" = $1 LIMIT ${WRITERS}`, [orgId])) as {
    id: string
  }[]
  const ctx: Context = { db, orgId, userId: null, role: null, actorKind: 'system', ip: null, requestId: 'bench' }
  const times = { with: [] as number[], without: [] as number[] }
  let turns = 0
  const turn = async (): Promise<number[]> => {
    const each = rows.map(async ({ id }) => {
      const own: number[] = []
      for (let write = 0; write < WRITES_PER_TURN; write++) {
        const began = performance.now()
        const text = 'UPDATE "Student" SET notes = $2 WHERE id = $1'
        await db.batch(ctx, [{ text, values: [id, `Measured ${++turns}`] }])
        own.push(performance.now() - began)
      }
      return own
    })
    return (await Promise.all(each)).flat()
  }
  await turn()
  for (let round = 0; round < rounds * 2; round++) {
    const sealing = round % 2 === 0
    const sealer = sealing ? startSealer(db, (error) => progress(error.message)) : undefined
    times[sealing ? 'with' : 'without'].push(...(await turn()))
    await sealer?.stop()
    if (!sealing) await sealAudit(db)
  }
  const [having, without] = [median(times.with), median(times.without)]
  report({ name: 'audit.write_ms.with_sealing', value: having, unit: 'ms' })
  report({ name: 'audit.write_ms.without', value: without, unit: 'ms' })
  report({ name: 'audit.write_p95_ms.with_sealing', value: quantile(times.with, 0.95), unit: 'ms' })
  report({ name: 'audit.write_p95_ms.without', value: quantile(times.without, 0.95), unit: 'ms' })
  report({
    name: 'audit.seal_cost_ms',
    value: having - without,
    unit: 'ms',
    ratio: having / without,
    against: 'without sealing',
  })
}
