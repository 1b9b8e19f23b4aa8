import type { PgBoss } from 'pg-boss'
import type { Handler } from '../handlers.ts'
import { type Line, promote, type Sender } from './lines.ts'

/** How a delivery ended. */
export interface Ending {
  readonly deliveryId: string
  readonly line: Line
  readonly status: 'done' | 'dead'
  readonly attempts: number
  /** What the handler made. */
  readonly resultRef?: string | undefined
  /** Why it was given up, in words. */
  readonly error?: string | undefined
}

/**
 * Writes down how deliveries in hand have ended and lets the next of their lines begin, as the dispatcher. What was ended
 * meanwhile by somebody else is left as it is.
 */
export async function finish(
  sender: Sender,
  boss: PgBoss,
  { endings, handlers }: { endings: readonly Ending[]; handlers: readonly Handler[] },
): Promise<void> {
  const { rows } = await sender.executeSql(END, [
    endings.map(({ deliveryId }) => deliveryId),
    endings.map(({ status }) => status),
    endings.map(({ attempts }) => attempts),
    endings.map(({ resultRef }) => resultRef ?? ''),
    endings.map(({ error }) => error ?? ''),
  ])
  await sumUp(sender, rows as Ended[])
  await promote(sender, boss, { lines: endings.map(({ line }) => line), handlers })
}

/** A delivery of this event ended, or begins again. */
export interface Ended {
  readonly outboxId: string
}

/**
 * Writes on the events what their deliveries come to. Two handlers may end the same event at the same moment: who comes
 * second waits for the event, and counts in a statement of its own, which sees what the first has committed.
 */
export async function sumUp(sender: Sender, ended: readonly Ended[]): Promise<void> {
  const ids = [...new Set(ended.map(({ outboxId }) => outboxId))]
  if (ids.length === 0) return
  await sender.executeSql('SELECT id FROM "Outbox" WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE', [ids])
  await sender.executeSql(SUM_UP, [ids])
}

const END = `UPDATE "OutboxDelivery" d SET status = e.status::"DeliveryStatus", attempts = e.attempts,
       "resultRef" = nullif(e.result, ''), "lastError" = nullif(e.error, ''),
       "finishedAt" = clock_timestamp(), "updatedAt" = clock_timestamp()
  FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[]) AS e (id, status, attempts, result, error)
 WHERE d.id = e.id AND d.status = 'queued'
RETURNING d."outboxId"`

const SUM_UP = `UPDATE "Outbox" o SET "processedAt" = CASE WHEN NOT n.open THEN coalesce(o."processedAt", clock_timestamp()) END,
       "deadAt" = CASE WHEN n.dead THEN coalesce(o."deadAt", clock_timestamp()) END, attempts = n.attempts, "lastError" = n.error
  FROM (SELECT "outboxId", bool_or(status NOT IN ('done', 'skipped')) AS open, bool_or(status = 'dead') AS dead,
          max(attempts) AS attempts, max("lastError") FILTER (WHERE status = 'dead') AS error
          FROM "OutboxDelivery" WHERE "outboxId" = ANY ($1::uuid[]) GROUP BY "outboxId") n
 WHERE o.id = n."outboxId"`
