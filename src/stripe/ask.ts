import type { Prisma } from '@prisma/client'
import { type Context, nowOf } from '../core/context.ts'
import type { Scalars } from '../core/declaration.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { KEY_LIVES_MS } from '../domain/unanswered-call.ts'
import { type Failure, failureOf } from './failure.ts'

/** Something to be asked of Stripe for one row of ours. */
export interface Question<T extends { readonly id: string }> {
  /** `payment.open`; with the row and the attempt it makes the key. */
  readonly operation: string
  readonly of: Prisma.ModelName
  readonly id: string
  /** Whether it is still wanted, asked in the transaction that writes the question down; the row is best locked here. */
  wanted(work: UnitOfWork): Promise<boolean>
  /** Asks, outside of any transaction. What it sends depends on the row alone: the same key never means something else. */
  send(key: string): Promise<T>
  /** Looks at Stripe for what came of it, after a day in which no answer arrived. */
  find(): Promise<T | null>
  /** Writes down what came of it, together with the mark that it is answered. */
  record(work: UnitOfWork, result: T): Promise<void>
  /** Writes down that Stripe has refused for good. */
  refused?(work: UnitOfWork, failure: Failure): Promise<void>
}

/** `unwanted`: nobody wants it any more, and it was not asked · `stuck`: somebody has to look at it. */
export type Asked = 'done' | 'refused' | 'unwanted' | 'stuck'

/** No answer, or not yet: the same is asked again later, with the same key. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

type Call = Scalars<'StripeCall'>

/**
 * Asks Stripe once, however often this is called and whatever dies in between: the key is committed before the request goes
 * out, and a request without an answer is repeated with that key.
 * @throws NoAnswer when it should be tried again later
 */
export async function askStripe<T extends { readonly id: string }>(
  ctx: Context,
  question: Question<T>,
): Promise<Asked> {
  const call = await ctx.db.transaction(ctx, (tx) => begin({ ...ctx, tx }, question))
  if (call === null) return 'unwanted'
  if (call.status === 'done') return 'done'
  const isOld = call.firstTriedAt !== null && nowOf(ctx).getTime() - call.firstTriedAt.getTime() > KEY_LIVES_MS
  let result: T | null
  try {
    result = isOld ? await question.find() : await question.send(call.idempotencyKey)
  } catch (error) {
    return await failed(ctx, question, { call, failure: failureOf(error) })
  }
  if (result === null) return await giveUp(ctx, call, 'No answer for a day, and Stripe has nothing of the kind.')
  const { id } = result
  await ctx.db.transaction(ctx, async (tx) => {
    const work = { ...ctx, tx }
    await oneAtATime(work, question)
    // whoever had the same answer was faster
    if (!(await finish(work, call, { status: 'done', stripeId: id, error: null }))) return
    await question.record(work, result)
  })
  return 'done'
}

/** Whether it was asked, and nobody knows yet what came of it: then it is asked until that is known, wanted or not. */
export async function isBeingAsked(
  ctx: Context,
  { operation, id }: Pick<Question<never>, 'operation' | 'id'>,
): Promise<boolean> {
  const where = { orgId: ctx.orgId, refId: id, operation, status: { in: ['pending' as const, 'unknown' as const] } }
  return (await ctx.db.read(ctx, (client) => client.stripeCall.count({ where }))) > 0
}

async function begin<T extends { readonly id: string }>(work: UnitOfWork, question: Question<T>): Promise<Call | null> {
  const { operation, of, id } = question
  await oneAtATime(work, question)
  const latest = await work.tx.stripeCall.findFirst({
    where: { orgId: work.orgId, refId: id, operation },
    orderBy: { attempt: 'desc' },
  })
  if (latest?.status === 'done') return latest
  // what was sent may have happened, whether it is still wanted or not
  const sent = latest?.status === 'pending' || latest?.status === 'unknown'
  if (!sent && !(await question.wanted(work))) return null
  const call = sent ? latest : await writeDown(work, { operation, of, id, attempt: (latest?.attempt ?? 0) + 1 })
  await work.tx.stripeCall.updateMany({
    where: { id: call.id, orgId: work.orgId },
    data: { tries: { increment: 1 }, firstTriedAt: call.firstTriedAt ?? nowOf(work) },
  })
  return call
}

/** Two who ask the same lock its row and its key in different orders: here they wait for each other first, holding neither. */
async function oneAtATime(
  { tx, orgId }: UnitOfWork,
  { operation, id }: { operation: string; id: string },
): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${orgId} ${operation} ${id}`}, 0))::text`
}

async function writeDown(
  work: UnitOfWork,
  { operation, of, id, attempt }: { operation: string; of: Prisma.ModelName; id: string; attempt: number },
): Promise<Call> {
  const idempotencyKey = `df:${work.orgId}:${operation}:${id}:a${attempt}`
  // two at once: one writes it, and both ask with the same key
  await work.tx.stripeCall.createMany({
    data: [{ orgId: work.orgId, operation, refType: of, refId: id, attempt, idempotencyKey }],
    skipDuplicates: true,
  })
  return await work.tx.stripeCall.findFirstOrThrow({ where: { orgId: work.orgId, idempotencyKey } })
}

async function failed<T extends { readonly id: string }>(
  ctx: Context,
  question: Question<T>,
  { call, failure }: { call: Call; failure: Failure },
): Promise<Asked> {
  const error = `${failure.code}: ${failure.message}`
  if (failure.verdict === 'refused') {
    await ctx.db.transaction(ctx, async (tx) => {
      const work = { ...ctx, tx }
      await oneAtATime(work, question)
      if (await finish(work, call, { status: 'refused', error })) await question.refused?.(work, failure)
    })
    return 'refused'
  }
  if (failure.verdict === 'mismatch') return await giveUp(ctx, call, error)
  await note(ctx, call, { status: failure.verdict === 'unclear' ? 'unknown' : call.status, error })
  throw new NoAnswer(`Stripe has not answered ${question.operation} for ${question.id}: ${error}`)
}

async function finish(
  work: UnitOfWork,
  call: Call,
  data: { status: 'done' | 'refused'; stripeId?: string; error: string | null },
): Promise<boolean> {
  const where = { id: call.id, orgId: work.orgId, status: { in: ['pending' as const, 'unknown' as const] } }
  const { count } = await work.tx.stripeCall.updateMany({ where, data: { ...data, finishedAt: nowOf(work) } })
  return count === 1
}

/** It stays unknown, with its money reserved, until a person has looked. */
async function giveUp(ctx: Context, call: Call, error: string): Promise<Asked> {
  await note(ctx, call, { status: 'unknown', error: `${error} Look for it in the Stripe dashboard.` })
  return 'stuck'
}

async function note(ctx: Context, call: Call, data: { status: Call['status']; error: string }): Promise<void> {
  await ctx.db.transaction(ctx, (tx) =>
    tx.stripeCall.updateMany({
      where: { id: call.id, orgId: ctx.orgId, status: { in: ['pending', 'unknown'] } },
      data,
    }),
  )
}
