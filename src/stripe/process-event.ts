import type Stripe from 'stripe'
import { type Context, nowOf } from '../core/context.ts'
import { AppError, fromDatabase } from '../core/errors.ts'
import type { Attempt } from '../core/jobs.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { eventHandlers } from './event-handlers.ts'
import { findHome, type Home } from './find-home.ts'

interface Stored {
  readonly id: string
  readonly orgId: string | null
  readonly eventType: string
  readonly status: string
  readonly payload: Stripe.Event
}

/**
 * Thinks about an event that was received: finds its school, looks at Stripe how things are now, and brings our rows there.
 * May be called any number of times, for events in any order.
 * @param ctx of no school
 */
export async function processEvent(ctx: Context, id: string, attempt: Pick<Attempt, 'last'>): Promise<void> {
  const stored = await readStored(ctx, id)
  if (!stored || stored.status !== 'received') return
  const handle = eventHandlers[stored.eventType]
  const home = await findHome(ctx.db, stored.payload)
  if (home === 'strangers') return await leave(ctx, id, { status: 'quarantined', lastError: STRANGERS })
  if (home === 'nobody') {
    if (!handle) return await leave(ctx, id, { status: 'ignored', lastError: null })
    // the answer to our own request may be on its way still
    await leave(ctx, id, { status: attempt.last ? 'failed' : 'received', lastError: NOBODY })
    if (attempt.last) return
    throw new Error(`${NOBODY} (${stored.eventType})`)
  }
  await settleIn(ctx, id, home)
  const inside: Context = { ...ctx, orgId: home.orgId, actorKind: 'webhook' }
  if (!handle) return await inside.db.transaction(inside, (tx) => end({ ...inside, tx }, id, 'ignored'))
  try {
    await handle(inside, { event: stored.payload, home, done: (work) => end(work, id, 'processed') })
  } catch (error) {
    const refusal = error instanceof AppError ? error : fromDatabase(error)
    const lastError = (refusal?.message ?? (error instanceof Error ? error.message : String(error))).slice(0, 1000)
    await leave(ctx, id, { status: attempt.last ? 'failed' : 'received', lastError })
    throw error
  }
}

const STRANGERS = 'Its account or object is not one of this school’s: nothing was done.'
const NOBODY = 'No row of any school has this object yet.'

async function readStored({ db }: Context, id: string): Promise<Stored | undefined> {
  const { rows } = await db.workerQuery(
    'SELECT id, "orgId", "eventType", status::text, payload FROM "WebhookEvent" WHERE id = $1',
    [id],
  )
  return rows[0] as Stored | undefined
}

/** An event never moves from one school to another; the request is the one that its changes are recorded under. */
async function settleIn({ db, requestId }: Context, id: string, { orgId }: Home): Promise<void> {
  await db.workerQuery(
    'UPDATE "WebhookEvent" SET "orgId" = $2, "requestId" = $3 WHERE id = $1 AND ("orgId" IS NULL OR "orgId" = $2)',
    [id, orgId, requestId],
  )
}

async function leave(
  { db }: Context,
  id: string,
  { status, lastError }: { status: string; lastError: string | null },
): Promise<void> {
  await db.workerQuery(
    `UPDATE "WebhookEvent" SET status = $2::text::"WebhookStatus", "lastError" = $3, attempts = attempts + 1,
       "processedAt" = CASE WHEN $2::text = 'ignored' THEN now() END
      WHERE id = $1 AND status = 'received'`,
    [id, status, lastError],
  )
}

async function end(work: UnitOfWork, id: string, status: 'processed' | 'ignored'): Promise<void> {
  await work.tx.webhookEvent.updateMany({
    where: { id, orgId: work.orgId },
    data: { status, lastError: null, processedAt: nowOf(work), attempts: { increment: 1 } },
  })
}
