import type { Work } from '../../core/action.ts'
import { type Context, nowOf } from '../../core/context.ts'
import type { Transaction } from '../../core/db.ts'
import { conflict, fromDatabase } from '../../core/errors.ts'
import type { Attempt } from '../../core/jobs.ts'
import { wishOf } from './approval.ts'
import type { Catalogue } from './catalogue.ts'
import { keptOf, perform, recordEvent } from './perform.ts'
import { Refused } from './subjects.ts'

/** A run of thousands of records is one transaction, so that a worker that is killed leaves nothing half done. */
const TRANSACTION_MS = 10 * 60_000
/** How often whoever waits is told. */
const PROGRESS_MS = 300

const FAULT = 'This stopped because of a fault on our side. Nothing of it was done; try it again.'

/** Does a run that was handed to the worker. Once: a second worker, or a second attempt after the first has ended, changes nothing. */
export async function runQueued(
  ctx: Context,
  catalogue: Catalogue,
  { runId, attempt }: { runId: string; attempt: Pick<Attempt, 'last'> },
): Promise<void> {
  try {
    await ctx.db.transaction(
      ctx,
      (tx) => runOnce({ ...ctx, now: nowOf(ctx) }, catalogue, { runId, tx }),
      TRANSACTION_MS,
    )
  } catch (error) {
    const refusal = fromDatabase(error)
    const isFinal = refusal !== null && refusal.code !== BUSY
    if (!isFinal && !attempt.last) throw error
    const reasons = error instanceof Refused ? ` ${error.refusals[0]!.sentence}` : ''
    await end(ctx, runId, { status: 'failed', error: isFinal ? refusal.message + reasons : FAULT })
    if (!isFinal) throw error
  }
}

/** Says of a run whose last worker was killed that nothing of it was done: its transaction ended with it. */
export async function giveUp(ctx: Context, runId: string): Promise<void> {
  await end(ctx, runId, { status: 'failed', error: FAULT })
}

const BUSY = 'busy'

async function runOnce(ctx: Context, catalogue: Catalogue, { runId, tx }: { runId: string; tx: Transaction }) {
  // not the row itself: its progress is written from outside this transaction
  const [lock] = await tx.$queryRawUnsafe<{ free: boolean }[]>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free',
    runId,
  )
  const run = await tx.actionRun.findFirst({ where: { id: runId, orgId: ctx.orgId } })
  if (!run || !['queued', 'running'].includes(run.status)) return
  if (!lock!.free) throw Object.assign(conflict('Another worker is doing this at the moment.'), { code: BUSY })
  const offered = catalogue.named(run.action)
  if (!offered) throw conflict('This cannot be done any more: the program no longer has it.')
  const work: Work = { ...ctx, tx, progress: progressOf(ctx, runId), carryOut: () => Promise.reject(new Error('no')) }
  const wish = await wishOf(work, run, offered)
  const outcome = await perform(work, wish)
  await recordEvent(work, wish, { run: runId, approved: run.approvedById !== null })
  const data = { status: 'succeeded', result: keptOf(outcome), error: null, finishedAt: new Date() } as const
  await tx.actionRun.updateMany({ where: { id: runId }, data })
}

/** Written beside the transaction, which shows nothing of itself before it ends. */
function progressOf(ctx: Context, runId: string): Work['progress'] {
  let told = 0
  return async (done, of) => {
    if (Date.now() - told < PROGRESS_MS && done < of) return
    told = Date.now()
    const data = { status: 'running', progressDone: done, progressTotal: of } as const
    await ctx.db.read(ctx, (client) => client.actionRun.updateMany({ where: { id: runId, orgId: ctx.orgId }, data }))
  }
}

async function end(ctx: Context, runId: string, data: { status: 'failed'; error: string }): Promise<void> {
  const where = { id: runId, orgId: ctx.orgId, status: { in: ['queued', 'running'] as ('queued' | 'running')[] } }
  await ctx.db.read(ctx, (client) => client.actionRun.updateMany({ where, data: { ...data, finishedAt: new Date() } }))
}
