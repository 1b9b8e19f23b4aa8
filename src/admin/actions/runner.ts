import { createHash, randomUUID } from 'node:crypto'
import type { ActionRun } from '@prisma/client'
import type { Outcome, Work } from '../../core/action.ts'
import { type Context, nowOf } from '../../core/context.ts'
import type { Transaction } from '../../core/db.ts'
import { AppError, conflict, fromDatabase } from '../../core/errors.ts'
import type { Catalogue } from './catalogue.ts'
import type { Effects } from './effects.ts'
import { ApprovedRuns } from './approval.ts'
import {
  AT_ONCE,
  ENTANGLED,
  type Later,
  type Wish,
  effectsOf,
  isLong,
  keptOf,
  perform,
  recordEvent,
} from './perform.ts'

/** What has come of a press of the button. */
export type Result =
  | { readonly state: 'done'; readonly outcome: Outcome; readonly runId: string }
  | { readonly state: 'waiting' | 'running'; readonly runId: string; readonly approvers: string | null }
  /** What it would do is not what was agreed to: nothing has been done. */
  | { readonly state: 'stale'; readonly trial: Trial }

/** What an action would do now. */
export interface Trial {
  readonly effects: Effects
  readonly outcome: Outcome
}

/** Carries the outcome of a trial out of the transaction that it is rolled back with. */
class RolledBack extends Error {
  readonly trial: Trial

  constructor(trial: Trial) {
    super('a trial leaves nothing behind')
    this.trial = trial
  }
}

class Stale extends RolledBack {}

export const OTHER_INPUT = 'This form was sent before with other values. Open it again to do something else.'

/** Tries actions, does them once, and hands those on that take long or need somebody's agreement. */
export class Runner {
  readonly catalogue: Catalogue
  readonly #later: Later
  readonly #approved: ApprovedRuns

  constructor(catalogue: Catalogue, later: Later) {
    this.catalogue = catalogue
    this.#later = later
    this.#approved = new ApprovedRuns(catalogue, later)
  }

  /** Does it and takes it back: nothing of it remains. @throws AppError with a sentence when it is refused */
  async attempt(ctx: Context, wish: Wish): Promise<Trial> {
    const since = nowOf(ctx)
    const trying = { ...ctx, requestId: randomUUID(), now: since }
    try {
      await unlessEntangled(trying, async (tx) => {
        const work = this.#work(trying, tx, true)
        const outcome = await perform(work, wish, AT_ONCE)
        // what is checked at the end is checked now
        await tx.$executeRawUnsafe('SET CONSTRAINTS ALL IMMEDIATE')
        throw new RolledBack({ effects: await effectsOf(work, wish, since), outcome })
      })
    } catch (error) {
      if (error instanceof RolledBack) return error.trial
      throw fromDatabase(error) ?? error
    }
    throw new Error('a trial was not rolled back')
  }

  /**
   * Does what `agreed` stands for, once for each key: who presses twice gets the first result.
   * @param agreed the hash of the effects that the person has seen
   * @throws AppError with a sentence: nothing of it has happened
   */
  async commit(ctx: Context, wish: Wish, agreed: string): Promise<Result> {
    const before = await this.#earlier(ctx, wish)
    if (before) return before
    const { approval } = wish.action
    const needsApproval = approval !== undefined && (approval.when?.(wish.input) ?? true)
    if (!needsApproval && !isLong(wish)) return await this.#now(ctx, wish, agreed)
    const trial = await this.attempt(ctx, wish)
    if (trial.effects.hash !== agreed) return { state: 'stale', trial }
    return await this.#afterwards(ctx, wish, needsApproval ? approval.by.join(', ') : null)
  }

  /** Hands a run that failed to the worker once more: nothing of it was done, and by its key it is the same press. */
  async again(ctx: Context, runId: string): Promise<void> {
    await ctx.db.transaction(ctx, async (tx) => {
      const where = { id: runId, orgId: ctx.orgId, actorUserId: ctx.userId, status: 'failed' } as const
      const data = { status: 'queued', error: null, finishedAt: null, progressDone: 0, progressTotal: 0 } as const
      const { count } = await tx.actionRun.updateMany({ where, data })
      if (count > 0) await this.#later(this.#work(ctx, tx, false), runId)
    })
  }

  async #now(ctx: Context, wish: Wish, agreed: string): Promise<Result> {
    const since = nowOf(ctx)
    const doing = { ...ctx, now: since }
    try {
      return await unlessEntangled(doing, async (tx) => {
        const runId = await begin(tx, { ...noted(doing, wish), status: 'running' })
        if (runId === null) throw new Repeated()
        const work = this.#work(doing, tx, false)
        const outcome = await perform(work, wish)
        const effects = await effectsOf(work, wish, since, runId)
        if (effects.hash !== agreed) throw new Stale({ effects, outcome })
        await recordEvent(work, wish, { run: runId, seen: agreed })
        await tx.actionRun.updateMany({
          where: { id: runId },
          data: { status: 'succeeded', result: keptOf(outcome), finishedAt: since },
        })
        return { state: 'done', outcome, runId }
      })
    } catch (error) {
      if (error instanceof Stale) return { state: 'stale', trial: error.trial }
      const before = error instanceof Repeated ? await this.#earlier(ctx, wish) : null
      if (before) return before
      throw fromDatabase(error) ?? error
    }
  }

  /** Notes it for the worker, or for somebody who has to agree. */
  async #afterwards(ctx: Context, wish: Wish, approvers: string | null): Promise<Result> {
    const request = { ids: [...wish.ids], typed: wish.typed ?? {}, title: wish.title }
    const runId = await ctx.db.transaction(ctx, async (tx) => {
      const status = approvers === null ? 'queued' : 'waiting'
      const run = { ...noted(ctx, wish), status, approvers, request } as const
      const id = await begin(tx, run)
      if (id !== null && approvers === null) await this.#later(this.#work(ctx, tx, false), id)
      return id
    })
    if (runId === null) return (await this.#earlier(ctx, wish))!
    return { state: approvers === null ? 'running' : 'waiting', runId, approvers }
  }

  /** What this key has led to before. @throws AppError Conflict when it was for something else */
  async #earlier(ctx: Context, wish: Wish): Promise<Result | null> {
    const where = { orgId: ctx.orgId, idempotencyKey: wish.key }
    const run = await ctx.db.read(ctx, (client) => client.actionRun.findFirst({ where }))
    if (!run) return null
    if (run.inputHash !== inputHash(wish) || run.actorUserId !== ctx.userId) throw conflict(OTHER_INPUT)
    return resultOf(run)
  }

  #work(ctx: Context, tx: Transaction, isTrial: boolean): Work {
    return {
      ...ctx,
      tx,
      progress: async () => {},
      carryOut: (run) => this.#approved.carryOut(this.#work(ctx, tx, isTrial), run, isTrial),
    }
  }
}

const TRIES = 3

/** Two that wait for each other's records are told apart by PostgreSQL, which stops one: nothing of it happened, so it begins again. */
async function unlessEntangled<T>(ctx: Context, fn: (tx: Transaction) => Promise<T>, tries = TRIES): Promise<T> {
  try {
    return await ctx.db.transaction(ctx, fn)
  } catch (error) {
    if (tries === 1 || !ENTANGLED.includes(fromDatabase(error)?.code ?? '')) throw error
    return await unlessEntangled(ctx, fn, tries - 1)
  }
}

/** Another press of the same button was first. */
class Repeated extends Error {}

const inputHash = ({ action, ids, input }: Wish): string =>
  createHash('sha256')
    .update(JSON.stringify([action.name, ids.toSorted(), input]))
    .digest('hex')

const noted = (ctx: Context, wish: Wish) => ({
  orgId: ctx.orgId,
  idempotencyKey: wish.key,
  action: wish.action.name,
  actorUserId: ctx.userId,
  recordType: wish.action.model,
  recordId: wish.ids.length === 1 ? wish.ids[0]! : null,
  inputHash: inputHash(wish),
  summary: wish.action.on === 'resource' ? wish.action.label : `${wish.action.label}: ${wish.title}`,
})

type NewRun = Parameters<Transaction['actionRun']['createManyAndReturn']>[0]['data']

/** @returns the new run's id; null when the key is taken, also by a transaction that commits only now */
async function begin(tx: Transaction, data: NewRun): Promise<string | null> {
  const [made] = await tx.actionRun.createManyAndReturn({ data, skipDuplicates: true, select: { id: true } })
  return made?.id ?? null
}

/** How a run stands, for the person who started it. @throws AppError when it failed or was refused */
export function resultOf(run: Pick<ActionRun, 'id' | 'status' | 'result' | 'error' | 'approvers' | 'reason'>): Result {
  const { id: runId, approvers } = run
  if (run.status === 'succeeded') return { state: 'done', outcome: run.result as unknown as Outcome, runId }
  if (run.status === 'failed') throw new AppError('Conflict', run.error ?? 'This could not be done.')
  if (run.status === 'rejected') throw conflict(`This was rejected: ${run.reason}`)
  return { state: run.status === 'waiting' ? 'waiting' : 'running', runId, approvers }
}
