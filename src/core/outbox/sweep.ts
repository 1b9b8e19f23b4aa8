import type { Desk } from './deliver.ts'
import { blockingOf, type Line, promote } from './lines.ts'

/** A delivery that stands in the queue for so long is looked after. */
const LONG = '10 minutes'
const MOST = 500

/**
 * Looks after what no worker will come back to: deliveries whose job is gone (nobody fetched it for two weeks, or somebody
 * deleted it) are queued anew, and lines that nobody moves on (their school was suspended) move on.
 */
export async function sweep({ db, boss, handlers }: Omit<Desk, 'handler'>): Promise<void> {
  const names = handlers.map(({ name }) => name)
  await db.asWorker(async (query) => {
    const { rows: lead } = await query(`SELECT pg_try_advisory_xact_lock(hashtext('driveflow sweep')) AS leads`)
    if (!(lead[0] as { leads: boolean }).leads) return
    await query(FREE_LOST, [names, MOST])
    const { rows } = await query(STALLED, [names, blockingOf(handlers), MOST])
    await promote({ executeSql: query }, boss, { lines: rows as Line[], handlers })
  })
}

const FREE_LOST = `UPDATE "OutboxDelivery" SET status = 'waiting', generation = generation + 1, "updatedAt" = clock_timestamp()
  WHERE status = 'queued' AND id IN (
    SELECT d.id FROM "OutboxDelivery" d
     WHERE d.status = 'queued' AND d.handler = ANY ($1) AND d."updatedAt" < clock_timestamp() - interval '${LONG}'
       AND NOT EXISTS (SELECT FROM pgboss.job j WHERE j.name = d.handler AND j.id = outbox_job(d) AND j.state < 'completed')
     LIMIT $2)`

const STALLED = `SELECT DISTINCT w.handler, w."orgId", w."aggregateId" FROM "OutboxDelivery" w
  WHERE w.status = 'waiting' AND w.handler = ANY ($1)
    AND EXISTS (SELECT FROM "Org" s WHERE s.id = w."orgId" AND s.status IN ('trial', 'active'))
    AND NOT EXISTS (SELECT FROM "OutboxDelivery" q WHERE q.handler = w.handler AND q."orgId" = w."orgId"
      AND q."aggregateId" = w."aggregateId" AND q.status = 'queued')
    AND NOT (w.handler = ANY ($2) AND EXISTS (
      SELECT FROM "OutboxDelivery" b WHERE b.handler = w.handler AND b."orgId" = w."orgId"
         AND b."aggregateId" = w."aggregateId" AND b.status IN ('waiting', 'dead') AND b.status = 'dead'
         AND b."aggregateVersion" < w."aggregateVersion"))
  LIMIT $3`
