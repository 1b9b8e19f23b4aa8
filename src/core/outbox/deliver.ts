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
import { type Delivery, type Lines, readLines } from './read-lines.ts'

export type Taken = JobWithMetadata<Ticket>

export interface Desk {
  readonly db: Database
  readonly boss: PgBoss
  readonly handler: Handler
  readonly handlers: readonly Handler[]
}

/** Somebody else has this attempt, or has done with it: nothing of ours may count. */
export class ClaimLost extends Error {}

/** It failed after others in the same transaction: it may be done by itself, or be the fault of one of them. */
export class FailedTogether extends Error {}

/** Several events share a transaction as long as they are quick: one that takes long holds up no other. */
const QUICK_MS = 1_000

/** How many that wait behind a delivery may follow it in its transaction. */
export const MOST_BEHIND = 9

/**
 * Delivers as many of `taken`, all of one school, as are quick, from the first on, and up to `behind` that wait in the line of
 * each: what the handler does, the mark that it is done, the end of the job and the next in line commit together.
 * @returns how many of `taken` it delivered
 * @throws what the handler threw at the first event, or ClaimLost; FailedTogether
 */
export async function deliver(desk: Desk, taken: readonly Taken[], behind: number): Promise<number> {
  const { db, handler } = desk
  const done: Progress = { jobs: [], endings: [] }
  const ctx = nobodyOf(db, taken[0]!.data.orgId)
  const runTogether = async (tx: UnitOfWork['tx']): Promise<number> => {
    const work = { ...ctx, tx }
    const ids = taken.map(({ data }) => data.deliveryId)
    const { isOpen, deliveries } = await readLines(work, { ids, handler, behind })
    if (!isOpen) return await setAside(work, desk, taken)
    await handleEach(work, { taken, deliveries, handler, act: acting(work, ctx) }, done)
    await end(work, desk, done)
    await actAs(work, ctx)
    return done.jobs.length
  }
  try {
    return await db.transaction(ctx, runTogether, expireSecondsOf(handler) * 1_000)
  } catch (error) {
    const isAlone = done.jobs.length <= 1 && done.endings.length <= (done.isHandled ? 1 : 0)
    throw isAlone ? error : new FailedTogether('It failed together with others', { cause: error })
  }
}

/** What has been done of a transaction. */
interface Progress {
  readonly jobs: Taken[]
  readonly endings: Ending[]
  /** The handler has done its part of all of them. */
  isHandled?: true
}

interface Handling {
  readonly taken: readonly Taken[]
  readonly deliveries: Lines['deliveries']
  readonly handler: Handler
  readonly act: (ctx: Context) => Promise<void>
}

async function handleEach(work: UnitOfWork, handling: Handling, done: Progress): Promise<void> {
  const { taken, deliveries, handler } = handling
  const begun = Date.now()
  const isLate = () => Date.now() - begun > QUICK_MS
  for (const job of taken) {
    if (done.jobs.length > 0 && isLate()) break
    done.jobs.push(job)
    const { deliveryId, generation } = job.data
    const [first, ...others] = deliveries.get(deliveryId) ?? []
    // the same job may be in the queue twice
    deliveries.delete(deliveryId)
    // done in another generation, or skipped: the job alone is left over
    if (first?.status !== 'queued' || first.generation !== generation) continue
    let ending = await handle(work, handling, { delivery: first, attempts: job.retryCount + 1 })
    done.endings.push(ending)
    for (const delivery of others) {
      const isHeldUp = delivery.status === 'dead' || (ending.status === 'dead' && handler.onDead === 'block')
      if (isHeldUp || isLate()) break
      ending = await handle(work, handling, { delivery, attempts: 1 })
      done.endings.push(ending)
    }
  }
  done.isHandled = true
}

async function end(work: UnitOfWork, { boss, handler, handlers }: Desk, { jobs, endings }: Progress): Promise<void> {
  const sender = fromPrisma(work.tx)
  await actAsDispatcher(work)
  const { affected } = (await boss.complete(handler.name, jobs, null, { db: sender })) as { affected: number }
  if (affected !== jobs.length) throw new ClaimLost(`The worker lost its claim on ${handler.name}`)
  if (endings.length > 0) await finish(sender, boss, { endings, handlers })
}

/** The school is suspended: its deliveries wait in their lines again, and are put in the queue when it is active. */
async function setAside(work: UnitOfWork, { boss, handler }: Desk, jobs: readonly Taken[]): Promise<number> {
  const sender = fromPrisma(work.tx)
  await actAsDispatcher(work)
  const { affected } = (await boss.deleteJob(handler.name, [...jobs], { db: sender })) as { affected: number }
  if (affected !== jobs.length) throw new ClaimLost(`The worker lost its claim on ${handler.name}`)
  await sender.executeSql(SET_ASIDE, [jobs.map(({ data }) => data.deliveryId), jobs.map(({ data }) => data.generation)])
  return jobs.length
}

const SET_ASIDE = `UPDATE "OutboxDelivery" d SET status = 'waiting', "updatedAt" = clock_timestamp()
  FROM unnest($1::uuid[], $2::int[]) AS job (id, generation)
 WHERE d.id = job.id AND d.generation = job.generation AND d.status = 'queued'`

interface Attempted {
  readonly delivery: Delivery
  readonly attempts: number
}

async function handle(work: UnitOfWork, { handler, act }: Handling, one: Attempted): Promise<Ending> {
  const { deliveryId, generation, event: stored } = one.delivery
  const ending = { deliveryId, generation, attempts: one.attempts }
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
