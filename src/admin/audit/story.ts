import type { Context } from '../../core/context.ts'
import { notFound } from '../../core/errors.ts'
import { valueLabel } from '../../core/labels.ts'
import type { View } from '../records/records.ts'
import type { School } from '../records/selection.ts'
import { jobsOfRequests } from '../records/timeline-requests.ts'
import { type Tone, tonesOf } from '../tones.ts'
import { type Entry, entriesOf, storedColumns, storedOf } from './entries.ts'
import { type Deed, approvalsQuery, deedsIn, messagesQuery, stripeCallsQuery, webhooksQuery } from './story-deeds.ts'

const MOST = 500

/** Everything that one request caused, oldest first. */
export interface Story {
  readonly request: string
  readonly entries: readonly Entry[]
  /** There is more than is told. */
  readonly more: boolean
  /** What was announced, with what its handlers made of it. */
  readonly events: readonly StoryEvent[]
  /** What was agreed to, by whom, with the fingerprint of what they were shown. */
  readonly approvals: readonly Approval[]
  /** What left the house or came in because of it: messages, calls of Stripe, its events, jobs. */
  readonly deeds: readonly Deed[]
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

export interface Approval {
  readonly run: string
  readonly summary: string
  readonly askedBy: string
  readonly askedAt: string
  readonly decidedBy: string
  /** Of what was shown before it was agreed to; the entries below are what it was made of. */
  readonly seen: string | null
}

/** @throws AppError NotFound when the school's log does not know the request */
export async function readStory(
  ctx: Context,
  request: string,
  { views, school }: { views: ReadonlyMap<string, View>; school: School },
): Promise<Story> {
  const values = [ctx.orgId, request]
  const [[rows, events, approvals, ...deeds], jobs] = await Promise.all([
    ctx.db.batch(ctx, [
      {
        text: `SELECT ${storedColumns} FROM "AuditLog" t LEFT JOIN "User" u ON u.id = t."actorUserId"
        WHERE t."orgId" = $1::uuid AND t."requestId" = $2 ORDER BY t."createdAt", t.seq LIMIT ${MOST + 1}`,
        values,
      },
      { text: EVENTS, values },
      ...[approvalsQuery, messagesQuery, stripeCallsQuery, webhooksQuery].map((text) => ({ text, values })),
    ]),
    jobsOfRequests(ctx, [request], { orgId: ctx.orgId, before: undefined, limit: MOST }),
  ])
  if (rows!.length === 0) throw notFound('The audit log of your school does not know this request.')
  return {
    request,
    entries: await entriesOf(ctx, rows!.slice(0, MOST).map(storedOf), { views, school }),
    more: rows!.length > MOST,
    events: events!.map(eventOf),
    approvals: approvals!.map(approvalOf),
    deeds: deedsIn(deeds as [unknown[][], unknown[][], unknown[][]], jobs, views),
  }
}

// events have no index of requests: they were written when the rows were
const EVENTS = `SELECT o.id, o."createdAt", o.topic, (SELECT json_agg(json_build_object('handler', d.handler, 'status', d.status,
       'error', d."lastError") ORDER BY d."createdAt", d.handler) FROM "OutboxDelivery" d WHERE d."outboxId" = o.id)
  FROM "Outbox" o WHERE o."orgId" = $1::uuid AND o.actor ->> 'requestId' = $2
   AND o."createdAt" BETWEEN (SELECT min("createdAt") FROM "AuditLog" WHERE "orgId" = $1::uuid AND "requestId" = $2) - interval '1 minute'
   AND (SELECT max("createdAt") FROM "AuditLog" WHERE "orgId" = $1::uuid AND "requestId" = $2) + interval '1 minute'
  ORDER BY o.seq LIMIT ${MOST}`

function eventOf([id, at, topic, work]: unknown[]): StoryEvent {
  const deliveries = (work ?? []) as { handler: string; status: string; error: string | null }[]
  return {
    id: id as string,
    at: (at as Date).toISOString(),
    topic: valueLabel(topic as string),
    work: deliveries.map((one) => ({
      handler: one.handler,
      status: valueLabel(one.status),
      tone: tonesOf([one.status])[one.status] ?? 'default',
      note: one.error,
    })),
  }
}

function approvalOf([run, summary, askedBy, askedAt, decidedBy, seen]: unknown[]): Approval {
  return {
    run: run as string,
    summary: (summary as string | null) ?? 'An action',
    askedBy: (askedBy as string | null) ?? 'Somebody',
    askedAt: (askedAt as Date).toISOString(),
    decidedBy: (decidedBy as string | null) ?? 'Somebody',
    seen: seen as string | null,
  }
}
