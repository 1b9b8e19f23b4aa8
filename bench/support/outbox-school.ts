import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { migrate } from '../../src/postgres/migrate.ts'
import type { DataSet } from './data-set.ts'

/** A school whose events are handled, in a database of its own on the server of the data set. */
export interface OutboxSchool {
  readonly appUrl: string
  readonly orgId: string
  /** One statement, bound by nothing. */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** Writes events of so many records at once. @returns how many there are */
  tell(records: number, versions: number): Promise<number>
  /** Nothing is waiting or done. */
  clear(): Promise<void>
  close(): Promise<void>
}

const NAME = 'outbox_bench'

export async function makeOutboxSchool({ appUrl, ownerUrl, superuserUrl }: DataSet): Promise<OutboxSchool> {
  const inScratch = (url: string) => Object.assign(new URL(url), { pathname: `/${NAME}` }).href
  const server = new pg.Client({ connectionString: superuserUrl })
  await server.connect()
  await server.query(`DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`)
  await server.query(`CREATE DATABASE ${NAME} OWNER driveflow_owner`)
  await server.end()
  await migrate(inScratch(ownerUrl), inScratch(appUrl))
  const pool = new pg.Pool({ connectionString: inScratch(superuserUrl), max: 4 })
  pool.on('error', () => {})
  const sql: OutboxSchool['sql'] = async (text, values) => (await pool.query(text, values)).rows
  const orgId = randomUUID()
  await sql(`INSERT INTO "Org" (id, name, "timeZone", status) VALUES ($1, 'Bench', 'Australia/Sydney', 'active')`, [
    orgId,
  ])
  await sql(`CREATE TABLE effects (n bigserial, aggregate text, version int, at timestamptz DEFAULT clock_timestamp(), begun float8);
    CREATE TABLE raw_queue (n bigserial PRIMARY KEY, aggregate text, version int);
    GRANT ALL ON effects, raw_queue, effects_n_seq, raw_queue_n_seq TO driveflow_app, driveflow_worker`)
  return {
    appUrl: inScratch(appUrl),
    orgId,
    sql,
    tell: async (records, versions) => {
      await sql(TELL, [orgId, records, versions])
      return records * versions
    },
    clear: async () => {
      await sql('TRUNCATE effects, raw_queue; TRUNCATE "Outbox", "OutboxDelivery"; DELETE FROM pgboss.job')
      await sql('VACUUM ANALYZE "Outbox", "OutboxDelivery"')
      await sql('VACUUM ANALYZE pgboss.job')
    },
    close: () => pool.end(),
  }
}

const TELL = `INSERT INTO "Outbox" ("orgId", topic, "aggregateType", "aggregateId", "aggregateVersion", payload, "availableAt")
  SELECT $1::uuid, 'booking.confirmed', 'Booking', id, version, jsonb_build_object('bookingId', id, 'studentId', id,
    'instructorId', id, 'status', 'confirmed', 'startAt', '2031-01-06T00:00:00Z', 'endAt', '2031-01-06T01:00:00Z'), now()
    FROM (SELECT gen_random_uuid()::text AS id FROM generate_series(1, $2::int)) records, generate_series(1, $3::int) AS version
   ORDER BY version`
