import { randomUUID } from 'node:crypto'
import { Program, untilTrue } from '../process/program.ts'
import { cloneDatabase, type Row, type Run, type TestDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { handlers } from './recorders.ts'

export type Topic = 'booking.confirmed' | 'booking.completed' | 'booking.cancelled'

/** One event; `wish` is what its handlers do before they leave their effect. */
export interface Told {
  readonly topic?: Topic
  readonly of: string
  readonly version: number
  readonly wish?: string
  readonly schemaVersion?: number
  /** Another school's. */
  readonly orgId?: string
}

export interface WorkerOptions {
  /** How fast its clock is. */
  readonly clockMs?: number
  /** Another way to the same database. */
  readonly url?: string
}

const FAST_CLOCK = new URL('fast-clock.ts', import.meta.url).href

/** A school whose events are handled, and what became of them. */
export interface Stage {
  readonly database: TestDatabase
  readonly school: School
  /** Commits the events together. */
  tell(...events: readonly Told[]): Promise<void>
  /** The same in a transaction of the caller's. */
  tellIn(run: Run, ...events: readonly Told[]): Promise<void>
  /** Many at once: `versions` events of each of so many records. */
  tellMany(topic: Topic, records: number, versions: number): Promise<void>
  startWorker(names: string, patienceMs?: number, options?: WorkerOptions): Promise<Program>
  /** What the handlers have done, in the order of their commits. */
  effects(handler?: string): Promise<{ handler: string; aggregate: string; version: number }[]>
  deliveries(of?: string): Promise<Row[]>
  sql(text: string, values?: unknown[]): Promise<Row[]>
  /** Waits until no delivery is waiting or in hand. */
  untilDrained(limitMs?: number): Promise<void>
  /** Waits until more than so many effects are there. */
  untilBusy(done: number): Promise<void>
  /** What must never be: [] when every event had its effect with each of its handlers, once, and in its order. */
  faults(names: readonly (keyof typeof handlers)[]): Promise<string[]>
}

/** The record of an aggregate that tests call by a short name. */
const recordIds = new Map<string, string>()
export function recordId(name: string): string {
  if (!recordIds.has(name)) recordIds.set(name, randomUUID())
  return recordIds.get(name)!
}

export async function openStage(database?: TestDatabase): Promise<Stage> {
  const db = database ?? (await cloneDatabase())
  const ours = await school(db)
  await makeEffects((text) => db.console('superuser', text))
  const workers: Program[] = []
  const sql: Stage['sql'] = (text, values) => db.console('superuser', text, values)
  const complain = (error: Error): never => {
    throw new Error(`${error.message}; the workers said:\n${workers.map(({ output }) => output).join('\n')}`)
  }
  const tellIn: Stage['tellIn'] = async (run, ...events) => {
    for (const event of events) await run(INSERT, valuesOf(ours.orgId, event))
  }
  return {
    database: db,
    school: ours,
    sql,
    tellIn,
    tell: (...events) => ours.transaction((run) => tellIn(run, ...events)),
    tellMany: async (topic, records, versions) => {
      await ours.run(INSERT_MANY, [ours.orgId, topic, records, versions])
    },
    startWorker: async (names, patienceMs = 10_000, { clockMs, url = db.url } = {}) => {
      const fast = clockMs ? { CLOCK_MS: String(clockMs), NODE_OPTIONS: `--import ${FAST_CLOCK}` } : {}
      const worker = new Program('tests/outbox/worker.ts', [url, names, String(patienceMs)], fast)
      workers.push(worker)
      await worker.says(/^working/m)
      return worker
    },
    effects: async (handler) =>
      (await sql(`SELECT handler, aggregate, version FROM effects WHERE handler = coalesce($1, handler) ORDER BY n`, [
        handler ?? null,
      ])) as never,
    deliveries: (of) =>
      sql(
        `SELECT handler, "aggregateVersion" AS version, status::text, attempts, "lastError", generation, id, "resultRef"
           FROM "OutboxDelivery" WHERE "aggregateId" = coalesce($1, "aggregateId") ORDER BY handler, "aggregateVersion"`,
        [of ? recordId(of) : null],
      ),
    untilDrained: async (limitMs = 25_000) => {
      const drained = async () => (await sql(OPEN)).length === 0
      await untilTrue(drained, 'all events to be handled', limitMs).catch(complain)
    },
    untilBusy: async (done) => {
      const busy = async () => (await sql('SELECT FROM effects')).length > done
      await untilTrue(busy, 'the workers to be busy').catch(complain)
    },
    faults: (names) => faultsIn(sql, names),
  }
}

/** A table that handlers leave their effects in: the number is taken where the effect is written. */
export async function makeEffects(run: (text: string) => Promise<unknown>): Promise<void> {
  await run(`CREATE TABLE effects (n bigserial, handler text, aggregate text, version int, event uuid);
    GRANT INSERT ON effects TO driveflow_app, driveflow_worker; GRANT USAGE ON effects_n_seq TO driveflow_app, driveflow_worker`)
}

const payloadOf = (
  wish: string,
) => `jsonb_build_object('bookingId', $2::uuid, 'studentId', $2::uuid, 'instructorId', $2::uuid,
  'status', ${wish}, 'startAt', '2031-01-06T00:00:00Z', 'endAt', '2031-01-06T01:00:00Z')`

const INSERT = `INSERT INTO "Outbox" ("orgId", topic, "aggregateType", "aggregateId", "aggregateVersion", "schemaVersion",
    payload, actor, "availableAt")
  SELECT $1::uuid, $3, 'Booking', $2::uuid::text, $4, $5, ${payloadOf('$6::text')}, '{"kind": "system", "requestId": "told"}', now()`

function valuesOf(orgId: string, told: Told): unknown[] {
  const { topic = 'booking.confirmed', of, version, wish = 'fine', schemaVersion = 1 } = told
  return [told.orgId ?? orgId, recordId(of), topic, version, schemaVersion, wish]
}

const INSERT_MANY = `INSERT INTO "Outbox" ("orgId", topic, "aggregateType", "aggregateId", "aggregateVersion", payload, "availableAt")
  SELECT $1::uuid, $2, 'Booking', id, version, jsonb_build_object('bookingId', id, 'studentId', id, 'instructorId', id,
    'status', 'fine', 'startAt', '2031-01-06T00:00:00Z', 'endAt', '2031-01-06T01:00:00Z'), now()
    FROM (SELECT gen_random_uuid()::text AS id FROM generate_series(1, $3::int)) records, generate_series(1, $4::int) AS version
   ORDER BY version`

const OPEN = `SELECT id FROM "Outbox" WHERE "relayedAt" IS NULL
  UNION ALL SELECT id FROM "OutboxDelivery" WHERE status IN ('waiting', 'queued')`

async function faultsIn(sql: Stage['sql'], names: readonly (keyof typeof handlers)[]): Promise<string[]> {
  const pairs = names.flatMap((name) => handlers[name].topics.map((topic) => [topic, handlers[name].name]))
  const heard = [pairs.map(([topic]) => topic), pairs.map(([, handler]) => handler)]
  const given = [
    await sql(
      `SELECT format('lost: %s of version %s', handler, "aggregateVersion") AS fault
         FROM "Outbox" o JOIN unnest($1::text[], $2::text[]) AS h (topic, handler) USING (topic)
        WHERE NOT EXISTS (SELECT FROM effects e WHERE e.event = o.id AND e.handler = h.handler)
          AND NOT EXISTS (SELECT FROM "OutboxDelivery" d WHERE d."outboxId" = o.id AND d.handler = h.handler
            AND d.status IN ('dead', 'skipped'))`,
      heard,
    ),
    await sql(`SELECT format('twice: %s of version %s', handler, version) AS fault FROM effects
                GROUP BY event, handler, version HAVING count(*) > 1`),
    await sql(`SELECT format('out of order: %s version %s', handler, version) AS fault
                 FROM (SELECT *, lag(version) OVER (PARTITION BY handler, aggregate ORDER BY n) AS before FROM effects) e
                WHERE before > version`),
    await sql(
      `SELECT format('not drained: %s %s', handler, status) AS fault FROM "OutboxDelivery" WHERE status IN ('waiting', 'queued')`,
    ),
    await sql(
      `SELECT format('still queued: %s', name) AS fault FROM pgboss.job WHERE name LIKE 'test.%' AND state < 'completed'`,
    ),
    await sql(`SELECT format('event not summed up: %s', topic) AS fault FROM "Outbox" o WHERE "processedAt" IS NULL
                 AND NOT EXISTS (SELECT FROM "OutboxDelivery" d WHERE d."outboxId" = o.id AND d.status NOT IN ('done', 'skipped'))`),
  ]
  return given.flat().map(({ fault }) => String(fault))
}
