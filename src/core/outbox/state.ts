import type { Database } from '../db.ts'

/** A worker process, as its last sign of life says. */
export interface SeenWorker {
  readonly startedAt: Date
  readonly seenAt: Date
  readonly isAlive: boolean
  /** It has ended in order; one that is neither alive nor ended was killed or is cut off. */
  readonly isStopped: boolean
}

/** Missed signs of life after which a worker no longer counts as alive. */
const BEATS = 3

/** The workers of the last hour, those that are alive first. */
export async function seenWorkers(db: Database): Promise<SeenWorker[]> {
  const { rows } = await db.workerQuery(
    `SELECT started_on AS "startedAt", heartbeat_on AS "seenAt", stopped_on IS NOT NULL AS "isStopped",
        stopped_on IS NULL AND heartbeat_on > now() - heartbeat_seconds * ${BEATS} * interval '1 second' AS "isAlive"
      FROM pgboss.instance WHERE heartbeat_on > now() - interval '1 hour'
     ORDER BY 4 DESC, heartbeat_on DESC LIMIT 20`,
  )
  return rows as SeenWorker[]
}

/** What one handler has before it, in all schools. */
export interface HandlerState {
  readonly handler: string
  readonly status: 'waiting' | 'queued' | 'dead'
  readonly count: number
  /** Seconds that the oldest has been so. */
  readonly age: number
}

/** For the metrics: what is open, for each handler and state; events that nobody has taken; workers that are alive. */
export async function outboxState(
  db: Database,
): Promise<{ open: HandlerState[]; untaken: { count: number; age: number }; workers: number }> {
  const [{ rows: open }, { rows: untaken }, workers] = await Promise.all([
    db.workerQuery(OPEN),
    db.workerQuery(UNTAKEN),
    seenWorkers(db),
  ])
  return {
    open: open as HandlerState[],
    untaken: untaken[0] as { count: number; age: number },
    workers: workers.filter(({ isAlive }) => isAlive).length,
  }
}

const AGE = `coalesce(extract(epoch FROM clock_timestamp() - min("createdAt")), 0)::float8 AS age`

const OPEN = `SELECT handler, status::text, count(*)::int AS count, ${AGE}
  FROM "OutboxDelivery" WHERE status IN ('waiting', 'queued', 'dead') GROUP BY handler, status`

const UNTAKEN = `SELECT count(*)::int AS count, ${AGE} FROM "Outbox" WHERE "relayedAt" IS NULL`
