import type { Context } from '../../core/context.ts'
import { notFound } from '../../core/errors.ts'
import { valueLabel } from '../../core/labels.ts'
import type { View } from '../records/records.ts'
import type { School } from '../records/selection.ts'
import { type Tone, tonesOf } from '../tones.ts'
import { type Entry, entriesOf, storedColumns, storedOf } from './entries.ts'

const MOST = 500

/** Everything that one request caused, oldest first. */
export interface Story {
  readonly request: string
  readonly entries: readonly Entry[]
  /** There is more than is told. */
  readonly more: boolean
  /** What was announced, with what its handlers made of it. */
  readonly events: readonly StoryEvent[]
}

export interface StoryEvent {
  readonly id: string
  readonly at: string
  readonly topic: string
  readonly work: readonly {
    readonly handler: string
    readonly status: string
    readonly tone: Tone
    readonly note: string | null
  }[]
}

/** @throws AppError NotFound when the school's log does not know the request */
export async function readStory(
  ctx: Context,
  request: string,
  { views, school }: { views: ReadonlyMap<string, View>; school: School },
): Promise<Story> {
  const [rows, events] = await ctx.db.batch(ctx, [
    {
      text: `SELECT ${storedColumns} FROM "AuditLog" t LEFT JOIN "User" u ON u.id = t."actorUserId"
        WHERE t."orgId" = $1::uuid AND t."requestId" = $2 ORDER BY t."createdAt", t.seq LIMIT ${MOST + 1}`,
      values: [ctx.orgId, request],
    },
    {
      // events have no index of requests: they were written when the rows were
      text: `SELECT o.id, o."createdAt", o.topic, (SELECT json_agg(json_build_object('handler', d.handler, 'status', d.status,
             'error', d."lastError") ORDER BY d."createdAt", d.handler) FROM "OutboxDelivery" d WHERE d."outboxId" = o.id)
        FROM "Outbox" o WHERE o."orgId" = $1::uuid AND o.actor ->> 'requestId' = $2
         AND o."createdAt" BETWEEN (SELECT min("createdAt") FROM "AuditLog" WHERE "orgId" = $1::uuid AND "requestId" = $2) - interval '1 minute'
         AND (SELECT max("createdAt") FROM "AuditLog" WHERE "orgId" = $1::uuid AND "requestId" = $2) + interval '1 minute'
        ORDER BY o.seq LIMIT ${MOST}`,
      values: [ctx.orgId, request],
    },
  ])
  if (rows!.length === 0) throw notFound('The audit log of your school does not know this request.')
  return {
    request,
    entries: await entriesOf(ctx, rows!.slice(0, MOST).map(storedOf), { views, school }),
    more: rows!.length > MOST,
    events: events!.map(([id, at, topic, work]) => ({
      id: id as string,
      at: (at as Date).toISOString(),
      topic: valueLabel(topic as string),
      work: ((work ?? []) as { handler: string; status: string; error: string | null }[]).map((one) => ({
        handler: one.handler,
        status: valueLabel(one.status),
        tone: tonesOf([one.status])[one.status] ?? 'default',
        note: one.error,
      })),
    })),
  }
}
