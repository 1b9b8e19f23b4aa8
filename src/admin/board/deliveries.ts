import type { Context } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { valueLabel } from '../../core/labels.ts'
import { type SeenWorker, seenWorkers } from '../../core/outbox/state.ts'
import { told } from '../records/records.ts'

/** What one handler has before it, in one school. */
export interface Backlog {
  readonly handler: string
  /** Behind others of the same record, or behind one that was given up. */
  readonly waiting: number
  readonly inHand: number
  readonly dead: number
  /** Since when the oldest that is not done waits. */
  readonly since: Date | null
}

/** A delivery that was given up. */
export interface Dead {
  readonly id: string
  readonly eventId: string
  readonly what: string
  readonly handler: string
  readonly error: string
  readonly attempts: number
  /** Later events of the same record that wait. */
  readonly behind: number
  readonly payload: unknown
  readonly diedAt: Date
  readonly about: { readonly model: string; readonly id: string }
}

export interface Deliveries {
  readonly backlog: readonly Backlog[]
  /** Events that no worker has taken up yet. */
  readonly untaken: { readonly count: number; readonly since: Date | null }
  /** The newest first. */
  readonly dead: readonly Dead[]
  readonly more: boolean
  readonly workers: readonly SeenWorker[]
}

const MOST_DEAD = 100

/** How far the events of the school are handled, and by whom. */
export async function readDeliveries(ctx: Context): Promise<Deliveries> {
  const [[backlog, untaken, dead], workers] = await Promise.all([
    told(ctx.db.select(ctx, [backlogQuery(ctx), untakenQuery(ctx), deadQuery(ctx)])),
    seenWorkers(ctx.db),
  ])
  const [count, since] = untaken![0]!
  return {
    backlog: backlog!.map(backlogIn),
    untaken: { count: count as number, since: since as Date | null },
    dead: dead!.slice(0, MOST_DEAD).map(deadIn),
    more: dead!.length > MOST_DEAD,
    workers,
  }
}

const backlogQuery = ({ orgId }: Context): Query => ({
  text: `SELECT handler, count(*) FILTER (WHERE status = 'waiting')::int, count(*) FILTER (WHERE status = 'queued')::int,
      count(*) FILTER (WHERE status = 'dead')::int, min("createdAt") FILTER (WHERE status <> 'dead')
    FROM "OutboxDelivery" WHERE "orgId" = $1::uuid AND status IN ('waiting', 'queued', 'dead') GROUP BY handler ORDER BY handler`,
  values: [orgId],
})

const backlogIn = ([handler, waiting, inHand, dead, since]: unknown[]): Backlog => ({
  handler: handler as string,
  waiting: waiting as number,
  inHand: inHand as number,
  dead: dead as number,
  since: since as Date | null,
})

const untakenQuery = ({ orgId }: Context): Query => ({
  text: `SELECT count(*)::int, min("createdAt") FROM "Outbox" WHERE "orgId" = $1::uuid AND "relayedAt" IS NULL`,
  values: [orgId],
})

const deadQuery = ({ orgId }: Context): Query => ({
  text: `SELECT d.id, e.id, e.topic, d.handler, d."lastError", d.attempts, e.payload, coalesce(d."finishedAt", d."updatedAt"),
      e."aggregateType", e."aggregateId",
      (SELECT count(*)::int FROM "OutboxDelivery" w WHERE w.handler = d.handler AND w."orgId" = d."orgId"
        AND w."aggregateId" = d."aggregateId" AND w.status = 'waiting' AND w."aggregateVersion" > d."aggregateVersion")
    FROM "OutboxDelivery" d JOIN "Outbox" e ON e.id = d."outboxId" AND e."orgId" = d."orgId"
   WHERE d."orgId" = $1::uuid AND d.status IN ('waiting', 'queued', 'dead') AND d.status = 'dead'
   ORDER BY d."createdAt" DESC, d.id DESC LIMIT ${MOST_DEAD + 1}`,
  values: [orgId],
})

function deadIn([
  id,
  eventId,
  topic,
  handler,
  error,
  attempts,
  payload,
  diedAt,
  model,
  record,
  behind,
]: unknown[]): Dead {
  return {
    id: id as string,
    eventId: eventId as string,
    what: valueLabel(topic as string),
    handler: handler as string,
    error: (error as string | null) ?? 'Nothing is known of why.',
    attempts: attempts as number,
    behind: behind as number,
    payload,
    diedAt: diedAt as Date,
    about: { model: model as string, id: record as string },
  }
}
