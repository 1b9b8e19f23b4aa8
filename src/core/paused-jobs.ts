import type { PgBoss } from 'pg-boss'
import type { Database } from './db.ts'

/** A job as it came out of its queue. */
interface Taken {
  readonly id: string
  readonly data: unknown
}

/**
 * Puts a job aside when its school is suspended or closed: the caller ends it then as if it were done. May be called again.
 * @returns whether it waits now
 */
export async function isPaused(db: Database, queue: string, { id, data }: Taken, orgId: string): Promise<boolean> {
  const { rows } = await db.workerQuery(PAUSE, [id, orgId, queue, JSON.stringify(data)])
  return rows.length > 0
}

const PAUSE = `INSERT INTO outbox.paused_job (id, "orgId", queue, message)
  SELECT $1::uuid, id, $3, $4::jsonb FROM "Org" WHERE id = $2::uuid AND status NOT IN ('trial', 'active')
  ON CONFLICT (id) DO UPDATE SET queue = excluded.queue RETURNING id`

const MOST = 500

/** Puts what waits for schools that are active again back into its queues, up to 500 jobs. */
export async function resumePaused({ db, boss }: { db: Database; boss: PgBoss }): Promise<void> {
  await db.asWorker(async (query) => {
    const { rows } = await query(RESUME, [MOST])
    for (const [queue, jobs] of Map.groupBy(rows as Resumed[], (job) => job.queue))
      await boss.insert(
        queue,
        jobs.map(({ message }) => ({ data: message })),
        { db: { executeSql: query } },
      )
  })
}

interface Resumed {
  readonly queue: string
  readonly message: object
}

const RESUME = `DELETE FROM outbox.paused_job WHERE id IN (
    SELECT p.id FROM outbox.paused_job p JOIN "Org" s ON s.id = p."orgId" AND s.status IN ('trial', 'active')
     ORDER BY p."pausedAt" LIMIT $1 FOR UPDATE OF p SKIP LOCKED)
  RETURNING queue, message`
