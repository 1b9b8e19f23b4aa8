import type { Action, Outcome, Work } from '../../core/action.ts'
import { type Effects, collectEffects } from './effects.ts'
import { changeKindOf } from '../records/changes.ts'
import { AppError, InvalidForm } from '../../core/errors.ts'
import { attempt, sentenceOf } from '../../domain/savepoint.ts'
import type { Stored } from '../records/stored.ts'
import { type Refusal, Refused, takeRecords } from './subjects.ts'

/** An action that somebody wants done, with everything that has been checked. */
export interface Wish {
  readonly action: Action
  /** The records; none for an action on a resource. */
  readonly ids: readonly string[]
  readonly input: Readonly<Record<string, unknown>>
  /** As the person typed it: kept when it is done later. */
  readonly typed: unknown
  /** What it is done to, in words: "Mia Khan", "20 students". */
  readonly title: string
  /** The browser makes one for each form that it opens. */
  readonly key: string
}

/** Hands a run to the worker when the transaction of `work` commits. */
export type Later = (work: Work, runId: string) => Promise<unknown>

/** More records than this are done by the worker, and of them a preview tries only the first. */
export const AT_ONCE = 200

/** Codes of PostgreSQL for two transactions that wait for each other: neither is at fault, and it begins again. */
export const ENTANGLED: readonly string[] = ['40P01', '40001']

export const isLong = ({ action, ids }: Pick<Wish, 'action' | 'ids'>): boolean =>
  action.long === true || ids.length > AT_ONCE

/**
 * Does it: takes the records, asks `when` for all of them, then runs. Nothing happens to any record when one refuses.
 * @param most how many records it is done to; the others are only asked
 * @throws AppError with a sentence · Refused naming those of several records that refuse
 */
export async function perform(work: Work, wish: Wish, most = Infinity): Promise<Outcome> {
  const { action, ids, input, key } = wish
  if (action.on === 'resource') {
    const said = await action.run(work, { record: {} as never, input, key })
    return outcomeOf(wish, said)
  }
  const records = (await takeRecords(work, action, ids)).slice(0, most)
  const runOn = (record: Stored) => action.run(work, { record: record as never, input, key })
  if (records.length === 1) return outcomeOf(wish, await runOn(records[0]!))
  const refusal = await refusalIn(work, () => inTurn(work, records, runOn))
  if (!refusal) return outcomeOf(wish, undefined)
  // what was typed is wrong for all of them
  if (isOfForm(action, refusal)) throw refusal
  const refusals = await refusedOf(work, records, runOn)
  throw refusals.length > 0 ? new Refused(refusals, ids.length) : refusal
}

async function inTurn(work: Work, records: readonly Stored[], runOn: (record: Stored) => Promise<unknown>) {
  for (const [index, record] of records.entries()) {
    await runOn(record)
    await work.progress(index + 1, records.length)
  }
}

/** Of records that do not all agree: which do not, each tried after those that did. */
async function refusedOf(work: Work, records: readonly Stored[], runOn: (record: Stored) => Promise<unknown>) {
  const refusals: Refusal[] = []
  for (const record of records) {
    const refusal = await refusalIn(work, () => runOn(record))
    if (refusal) refusals.push({ id: record.id as string, sentence: sentenceOf(refusal) })
  }
  return refusals
}

/** Why it is refused; null when it is done. What is refused leaves nothing behind. */
async function refusalIn(work: Work, fn: () => Promise<unknown>): Promise<AppError | null> {
  try {
    await attempt(work, fn)
    return null
  } catch (error) {
    if (error instanceof AppError && error.kind !== 'External' && !ENTANGLED.includes(error.code)) return error
    throw error
  }
}

function isOfForm({ form }: Action, refusal: AppError): boolean {
  const errors = refusal instanceof InvalidForm ? refusal.errors : [refusal]
  return errors.some(({ field }) => field !== undefined && form !== undefined && field in form.shape)
}

function outcomeOf({ action, ids, title }: Wish, said: Outcome | string | void): Outcome {
  if (typeof said === 'object' && ids.length <= 1) return said
  if (typeof said === 'string' && ids.length <= 1) return { message: said }
  return { message: usualMessage({ action, ids, title }) }
}

/** What is said where the action itself says nothing. */
export const usualMessage = ({ action, ids, title }: Pick<Wish, 'action' | 'ids' | 'title'>): string =>
  `${title} ${ids.length > 1 ? 'are' : 'is'} ${action.done ?? 'done'}.`

/** What is kept of an outcome: all but its secret. */
export const keptOf = ({ message, open }: Outcome) => ({ message, ...(open ? { open } : {}) })

/** What the transaction has done by now; the same effects have the same hash. */
export async function effectsOf(work: Work, wish: Wish, since: Date, own?: string): Promise<Effects> {
  const { action, ids, input, key } = wish
  return await collectEffects(work, { about: { name: action.name, ids: ids.toSorted(), input }, own, since, key })
}

/** Says in the audit log what was done to what, beside the changes themselves. */
export async function recordEvent(
  work: Work,
  wish: Wish,
  about: {
    run: string
    approved?: boolean
    /** Hash of the effects that the person saw and agreed to: those of this very request. */
    seen?: string
  },
): Promise<void> {
  const { action, ids, input } = wish
  // deleting: the trigger has said it under the same name
  if (changeKindOf(action.name)) return
  const reason = typeof input.reason === 'string' ? input.reason : null
  const [model, entities] = action.on === 'resource' ? ['ActionRun', [about.run]] : [action.model, ids]
  const details = JSON.stringify({ input, ...about })
  await work.tx.$executeRawUnsafe(
    `SELECT audit_event($1::uuid, $2::uuid, $3, $4, $5, $6, id, $7, $8::jsonb) FROM unnest($9::text[]) AS id`,
    work.orgId,
    work.userId,
    action.name,
    work.ip,
    work.requestId,
    model,
    reason,
    details,
    [...entities],
  )
}
