import { valueLabel } from '../../core/labels.ts'
import type { View } from '../records/records.ts'
import type { Happening } from '../records/timeline-query.ts'
import { type Tone, tonesOf } from '../tones.ts'

/** Something that left the house or came in because of a request. */
export interface Deed {
  readonly id: string
  readonly at: string
  readonly kind: 'message' | 'stripe' | 'webhook' | 'job'
  readonly text: string
  readonly note: string | null
  readonly status: { readonly label: string; readonly tone: Tone }
  /** The record that says more; null where the role sees none. */
  readonly open: { readonly model: string; readonly id: string } | null
}

const MOST = 200

/** Rows of a model that the request wrote: the audit log knows them by the request. */
const made = (model: string): string =>
  `SELECT DISTINCT a."entityId"::uuid FROM "AuditLog" a WHERE a."orgId" = $1::uuid AND a."requestId" = $2 AND a."entityType" = '${model}'`

export const messagesQuery = `SELECT m.id, m."createdAt", m."templateKey", m.channel::text, m."recipientName", m.status::text, m.error
  FROM "Message" m WHERE m."orgId" = $1::uuid AND m.id IN (${made('Message')}) ORDER BY m."createdAt", m.id LIMIT ${MOST}`

export const stripeCallsQuery = `SELECT c.id, c."createdAt", c.operation, c."refType", c."stripeId", c.status::text, c.error
  FROM "StripeCall" c WHERE c."orgId" = $1::uuid AND c.id IN (${made('StripeCall')}) ORDER BY c."createdAt", c.id LIMIT ${MOST}`

export const webhooksQuery = `SELECT w.id, w."receivedAt", w.provider, w."eventType", w.status::text, w."lastError"
  FROM "WebhookEvent" w WHERE w."orgId" = $1::uuid AND w."requestId" = $2 ORDER BY w."receivedAt", w.id LIMIT ${MOST}`

/** Runs that were agreed to in the request, with the fingerprint that the entry of the approval keeps. */
export const approvalsQuery = `SELECT r.id, r.summary, asker."fullName", r."createdAt", decider."fullName", t.after ->> 'seen'
  FROM "AuditLog" t JOIN "ActionRun" r ON r.id = t."entityId"::uuid AND r."orgId" = t."orgId"
  LEFT JOIN "User" asker ON asker.id = r."actorUserId" LEFT JOIN "User" decider ON decider.id = r."approvedById"
  WHERE t."orgId" = $1::uuid AND t."requestId" = $2 AND t.action = 'action-run.approve' AND t."entityType" = 'ActionRun'
  ORDER BY t.seq LIMIT ${MOST}`

/** All of them in the order in which they began. */
export function deedsIn(
  [messages, calls, webhooks]: [unknown[][], unknown[][], unknown[][]],
  jobs: readonly Happening[],
  views: ReadonlyMap<string, View>,
): Deed[] {
  const deeds = [
    ...(views.has('Message') ? messages.map(messageOf) : []),
    ...(views.has('StripeCall') ? calls.map(callOf) : []),
    ...(views.has('WebhookEvent') ? webhooks.map(webhookOf) : []),
    ...jobs.map(jobOf),
  ]
  return deeds.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

const toned = (status: string) => ({ label: valueLabel(status), tone: tonesOf([status])[status] ?? 'default' })

function messageOf(row: unknown[]): Deed {
  const [id, at, key, channel, name, status, error] = row as [
    string,
    Date,
    string,
    string,
    string | null,
    string,
    string | null,
  ]
  return {
    id,
    at: at.toISOString(),
    kind: 'message',
    text: `${valueLabel(key)} to ${name ?? 'somebody'} by ${valueLabel(channel).toLowerCase()}`,
    note: error,
    status: toned(status),
    open: { model: 'Message', id },
  }
}

function callOf(row: unknown[]): Deed {
  const [id, at, operation, model, stripeId, status, error] = row as [
    string,
    Date,
    string,
    string,
    string | null,
    string,
    string | null,
  ]
  return {
    id,
    at: at.toISOString(),
    kind: 'stripe',
    text: `Stripe was asked: ${valueLabel(operation).toLowerCase()} of the ${valueLabel(model).toLowerCase()}${stripeId ? ` (${stripeId})` : ''}`,
    note: error,
    status: toned(status),
    open: { model: 'StripeCall', id },
  }
}

function webhookOf(row: unknown[]): Deed {
  const [id, at, provider, type, status, error] = row as [string, Date, string, string, string, string | null]
  return {
    id,
    at: at.toISOString(),
    kind: 'webhook',
    text: `${valueLabel(provider)} said: ${type}`,
    note: error,
    status: toned(status),
    open: { model: 'WebhookEvent', id },
  }
}

const jobOf = ({ id, at, text, note = null, status }: Happening): Deed => ({
  id,
  at: at.toISOString(),
  kind: 'job',
  text,
  note,
  status: status ?? { label: 'Unknown', tone: 'default' as const },
  open: null,
})
