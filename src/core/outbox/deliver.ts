import type { ActorKind, OrgRole } from '@prisma/client'
import { fromPrisma, type JobWithMetadata, type PgBoss } from 'pg-boss'
import type { Context } from '../context.ts'
import type { Database } from '../db.ts'
import { readEvent, UnreadableEvent } from '../events.ts'
import { expireSecondsOf, type Handler } from '../handlers.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import { actAs, actAsDispatcher, acting, nobodyOf } from './actor.ts'
import { type Ending, finish } from './finish.ts'
import type { Ticket } from './lines.ts'

export type Taken = JobWithMetadata<Ticket>

export interface Desk {
  readonly db: Database
  readonly boss: PgBoss
  readonly handler: Handler
  readonly handlers: readonly Handler[]
}

/** Somebody else has this attempt, or has done with it: nothing of ours may count. */
export class ClaimLost extends Error {}

/** Several events share a transaction as long as they are quick: one that takes long holds up no other. */
const QUICK_MS = 1_000

/**
 * Delivers as many of `taken`, all of one school, as are quick, from the first on: what the handler does, the mark that it is
 * done, the end of the job and the next in line commit together.
 * @returns how many it delivered
 * @throws what the handler threw; ClaimLost
 */
export async function deliver(desk: Desk, taken: readonly Taken[]): Promise<number> {
  const { db, boss, handler, handlers } = desk
  const begun = Date.now()
  const ctx = nobodyOf(db, taken[0]!.data.orgId)
  const runTogether = async (tx: UnitOfWork['tx']): Promise<number> => {
    const work = { ...ctx, tx }
    const sender = fromPrisma(tx)
    const act = acting(work, ctx)
    const stored = await readDeliveries(work, taken)
    const endings: Ending[] = []
    const jobs: Taken[] = []
    for (const job of taken) {
      if (jobs.length > 0 && Date.now() - begun > QUICK_MS) break
      jobs.push(job)
      const delivery = stored.get(job.data.deliveryId)
      // done in another generation, or skipped: the job alone is left over
      if (delivery?.status !== 'queued' || delivery.generation !== job.data.generation) continue
      endings.push(await handle(work, { handler, job, event: delivery.event, act }))
    }
    await actAsDispatcher(work)
    const { affected } = (await boss.complete(handler.name, jobs, null, { db: sender })) as { affected: number }
    if (affected !== jobs.length) throw new ClaimLost(`The worker lost its claim on ${handler.name}`)
    if (endings.length > 0) await finish(sender, boss, { endings, handlers })
    await actAs(work, ctx)
    return jobs.length
  }
  return await db.transaction(ctx, runTogether, expireSecondsOf(handler) * 1_000)
}

interface Delivery {
  readonly status: string
  readonly generation: number
  readonly event: Parameters<typeof readEvent>[0] & { readonly actor: unknown }
}

async function readDeliveries({ tx }: UnitOfWork, taken: readonly Taken[]): Promise<Map<string, Delivery>> {
  const ids = taken.map(({ data }) => data.deliveryId)
  type Row = Delivery['event'] & Omit<Delivery, 'event'> & { readonly deliveryId: string }
  const rows = await tx.$queryRaw<Row[]>`SELECT d.id AS "deliveryId", d.status::text, d.generation, e.id, e.topic,
      e."aggregateType", e."aggregateId", e."aggregateVersion", e."schemaVersion", e.payload, e.actor, e."createdAt"
    FROM "OutboxDelivery" d JOIN "Outbox" e ON e.id = d."outboxId" WHERE d.id = ANY (${ids}::uuid[])`
  return new Map(
    rows.map(({ deliveryId, status, generation, ...event }) => [deliveryId, { status, generation, event }]),
  )
}

interface Handled {
  readonly handler: Handler
  readonly job: Taken
  readonly event: Delivery['event']
  readonly act: (ctx: Context) => Promise<void>
}

async function handle(work: UnitOfWork, { handler, job, event: stored, act }: Handled): Promise<Ending> {
  const line = { handler: handler.name, orgId: work.orgId, aggregateId: stored.aggregateId }
  const ending = { deliveryId: job.data.deliveryId, line, attempts: job.retryCount + 1 }
  try {
    const event = readEvent(stored)
    const actor = actorOf(work, stored.actor)
    await act(actor)
    const resultRef = await handler.run({ ...actor, tx: work.tx }, event)
    return { ...ending, status: 'done', ...(resultRef ? { resultRef } : {}) }
  } catch (error) {
    // another attempt would read the same
    if (error instanceof UnreadableEvent) return { ...ending, status: 'dead', error: error.message }
    throw error
  }
}

interface StoredActor {
  readonly userId?: string | null
  readonly role?: OrgRole | null
  readonly kind?: ActorKind
  readonly requestId?: string
}

/** Who caused the event causes what is done about it, in the same request. */
function actorOf(ctx: Context, actor: unknown): Context {
  const { userId = null, role = null, kind = 'system', requestId = ctx.requestId } = (actor ?? {}) as StoredActor
  return { db: ctx.db, orgId: ctx.orgId, userId, role, actorKind: kind, ip: null, requestId }
}
