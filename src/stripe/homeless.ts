import { randomUUID } from 'node:crypto'
import type { Database } from '../core/db.ts'
import { conflict, forbidden, invalid, notFound } from '../core/errors.ts'
import { schoolless } from '../core/jobs.ts'
import { queueFor } from '../core/queues.ts'
import { processWebhook } from './errands.ts'

// What Stripe said or holds that is no school's: no screen of a school shows it, so the people of the platform look after it.

/** An event that is no school's, and that nobody has settled. */
export interface HomelessEvent {
  readonly id: string
  readonly eventId: string
  readonly eventType: string
  readonly account: string | null
  readonly status: string
  readonly lastError: string | null
  readonly receivedAt: Date
  readonly decisions: readonly Decision[]
}

/** What somebody of the platform decided about it; kept with the event for good. */
export interface Decision {
  readonly at: string
  readonly by: string
  readonly what: 'released' | 'ignored'
  readonly reason: string
}

const EVENT = `id, "eventId", "eventType", "stripeAccountId" AS account, status::text, "lastError", "receivedAt", decisions`
const UNSETTLED = `"orgId" IS NULL AND status IN ('quarantined', 'failed')`

/** Those that wait for somebody, the oldest first. */
export async function homelessEvents(db: Database, most = 200): Promise<HomelessEvent[]> {
  const text = `SELECT ${EVENT} FROM "WebhookEvent" WHERE ${UNSETTLED} ORDER BY "receivedAt", id LIMIT $1`
  return (await db.workerQuery(text, [most])).rows as HomelessEvent[]
}

/** One of them with what Stripe said. @throws AppError NotFound */
export async function homelessEvent(db: Database, id: string): Promise<HomelessEvent & { readonly payload: unknown }> {
  const text = `SELECT ${EVENT}, payload FROM "WebhookEvent" WHERE "orgId" IS NULL AND (id::text = $1 OR "eventId" = $1)`
  const [event] = (await db.workerQuery(text, [id])).rows as (HomelessEvent & { payload: unknown })[]
  if (!event) throw notFound(`There is no event ${id} without a school.`)
  return event
}

interface Settled {
  readonly id: string
  /** E-mail address of who decides. */
  readonly by: string
  readonly reason: string
}

/** It is thought about once more: after an account was connected, or a row was put right. Five times are one effect. */
export const releaseEvent = (db: Database, settled: Settled): Promise<void> => settle(db, settled, 'released')

/** It is nobody's business here. It stays stored, with the reason. */
export const ignoreEvent = (db: Database, settled: Settled): Promise<void> => settle(db, settled, 'ignored')

/** @throws AppError Forbidden, Invalid, NotFound or Conflict with a sentence for who decides */
async function settle(db: Database, { id, by, reason }: Settled, what: Decision['what']): Promise<void> {
  const person = await requirePlatform(db, by)
  requireReason(reason)
  const event = await homelessEvent(db, id)
  const decision: Decision = { at: new Date().toISOString(), by: person.email, what, reason: reason.trim() }
  const boss = await queueFor(db, processWebhook)
  await db.asWorker(async (query) => {
    const { rowCount } = await query(
      `UPDATE "WebhookEvent" SET status = $2::text::"WebhookStatus", "processedAt" = CASE WHEN $2::text = 'ignored' THEN now() END,
         decisions = decisions || $3::jsonb WHERE id = $1 AND ${UNSETTLED}`,
      [event.id, what === 'released' ? 'received' : 'ignored', JSON.stringify([decision])],
    )
    if (rowCount === 0) throw conflict(`The event ${event.eventId} is ${event.status}: there is nothing to decide.`)
    if (what === 'ignored') return
    const data = schoolless(processWebhook, { webhookEventId: event.id }, randomUUID())
    const onSameConnection = { executeSql: async (text: string, values?: unknown[]) => await query(text, values) }
    await boss.insert(processWebhook.name, [{ data }], { db: onSameConnection })
  })
}

function requireReason(reason: string): void {
  if (reason.trim().length < 5) throw invalid('Say why, in at least five letters.', 'reason')
}

/** Somebody of the platform, by their sign-in. @throws AppError Forbidden for everybody else */
export async function requirePlatform(db: Database, email: string): Promise<{ id: string; email: string }> {
  const { rows } = await db.authQuery(
    `SELECT id, email FROM "User" WHERE lower(email) = lower($1) AND "platformRole" <> 'none' AND "disabledAt" IS NULL`,
    [email],
  )
  const [person] = rows as { id: string; email: string }[]
  if (!person) throw forbidden(`${email} does not work for the platform, so they decide nothing here.`)
  return person
}

/** Money at Stripe that no school's row knows. */
export interface HomelessMoney {
  readonly id: string
  readonly subject: string
  readonly description: string
  readonly day: Date
}

export async function homelessMoney(db: Database, most = 200): Promise<HomelessMoney[]> {
  const text = `SELECT id, subject, description, day FROM "ReconciliationException"
                 WHERE "orgId" IS NULL AND status = 'open' ORDER BY day, id LIMIT $1`
  return (await db.workerQuery(text, [most])).rows as HomelessMoney[]
}

/** Says why there is such money; it is not asked about again as long as its amount stays. */
export async function explainMoney(db: Database, { id, by, reason }: Settled): Promise<void> {
  const person = await requirePlatform(db, by)
  requireReason(reason)
  const { rows } = await db.workerQuery(
    `UPDATE "ReconciliationException" SET status = 'explained', explanation = $3, "explainedById" = $2, "explainedAt" = now()
      WHERE "orgId" IS NULL AND status = 'open' AND (id::text = $1 OR subject = $1) RETURNING id`,
    [id, person.id, reason.trim()],
  )
  if (rows.length === 0) throw notFound(`There is no open exception ${id} without a school.`)
}

/** How much waits, for the metrics. */
export async function homelessCounts(db: Database): Promise<{ events: number; oldestSeconds: number; money: number }> {
  const { rows } = await db.workerQuery(
    `SELECT count(*)::int AS events, coalesce(extract(epoch FROM now() - min("receivedAt")), 0)::int AS "oldestSeconds",
            (SELECT count(*)::int FROM "ReconciliationException" WHERE "orgId" IS NULL AND status::text = $1) AS money
       FROM "WebhookEvent" WHERE ${UNSETTLED}`,
    ['open'],
  )
  return rows[0] as { events: number; oldestSeconds: number; money: number }
}
