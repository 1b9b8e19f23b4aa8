import type { PgBoss } from 'pg-boss'
import type { Handler } from '../handlers.ts'

/** Sends one statement in the transaction that everything here belongs to. */
export interface Sender {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
}

/** The events of one record wait for one handler in a line. */
export interface Line {
  readonly handler: string
  readonly orgId: string
  readonly aggregateId: string
}

/** What a worker is told: which delivery, as which try of a person to have it delivered. */
export interface Ticket {
  readonly deliveryId: string
  readonly orgId: string
  readonly generation: number
}

type Facts = Pick<Handler, 'name' | 'onDead'>

/** The same delivery is the same job, however often it is put in the queue; a person's retry is another one. */
export const JOB_ID = `md5(d."outboxId"::text || ' ' || d.handler || ' ' || d.generation)::uuid`

/**
 * Puts the first of each line in the queue, unless another of that line is there or the school is suspended. Whoever ends a delivery and whoever adds
 * one meet at the line's lock, so that one of them sees the other's: it is taken in a statement of its own, because a
 * statement sees what was committed before it began.
 */
export async function promote(
  sender: Sender,
  boss: PgBoss,
  { lines, handlers }: { lines: readonly Line[]; handlers: readonly Facts[] },
): Promise<void> {
  if (lines.length === 0) return
  const blocking = new Set(handlers.filter(({ onDead }) => onDead === 'block').map(({ name }) => name))
  const columns = [
    lines.map(({ handler }) => handler),
    lines.map(({ orgId }) => orgId),
    lines.map(({ aggregateId }) => aggregateId),
  ]
  await sender.executeSql(LOCK, columns)
  const { rows } = await sender.executeSql(PROMOTE, [...columns, lines.map(({ handler }) => blocking.has(handler))])
  const heads = Map.groupBy(rows as Head[], ({ handler }) => handler)
  for (const [handler, waiting] of heads)
    await boss.insert(
      handler,
      waiting.map(({ jobId, deliveryId, orgId, generation }) => ({
        id: jobId,
        data: { deliveryId, orgId, generation } satisfies Ticket,
      })),
      { db: sender },
    )
}

interface Head extends Ticket {
  readonly jobId: string
  readonly handler: string
}

// everybody takes several locks in the same order
const LOCK = `SELECT pg_advisory_xact_lock(key)::text FROM (
  SELECT DISTINCT hashtextextended(handler || ' ' || org || ' ' || aggregate, 0) AS key
    FROM unnest($1::text[], $2::text[], $3::text[]) AS line (handler, org, aggregate) ORDER BY key) locks`

const PROMOTE = `UPDATE "OutboxDelivery" d SET status = 'queued', "updatedAt" = clock_timestamp()
  FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bool[]) AS line (handler, org, aggregate, blocks)
  CROSS JOIN LATERAL (
    SELECT o.id, o.status FROM "OutboxDelivery" o
     WHERE o.handler = line.handler AND o."orgId" = line.org AND o."aggregateId" = line.aggregate
       AND o.status IN ('waiting', 'dead') AND (o.status = 'waiting' OR line.blocks)
     ORDER BY o."aggregateVersion" LIMIT 1) first
  WHERE d.id = first.id AND first.status = 'waiting'
    AND EXISTS (SELECT FROM "Org" s WHERE s.id = line.org AND s.status IN ('trial', 'active'))
    AND NOT EXISTS (
    SELECT FROM "OutboxDelivery" q WHERE q.handler = line.handler AND q."orgId" = line.org
       AND q."aggregateId" = line.aggregate AND q.status = 'queued')
  RETURNING ${JOB_ID} AS "jobId", d.id AS "deliveryId", d."orgId", d.generation, d.handler`
