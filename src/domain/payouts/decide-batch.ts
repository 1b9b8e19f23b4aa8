import type { Who } from '../../core/action.ts'
import { nowOf } from '../../core/context.ts'
import { conflict, forbidden, invalid } from '../../core/errors.ts'
import { formatMoney } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { byAnother } from '../four-eyes.ts'
import { type Batch, lockBatch, recountBatch, voidBatch } from './batch.ts'
import { changePayout } from './payout.ts'
import { perInstructor } from './tell-batch.ts'

/** Whether this person may agree to a batch now, or the sentence why not: never who built it. */
export function mayDecide({ status, createdById }: Pick<Batch, 'status' | 'createdById'>, who: Who): true | string {
  if (status === 'approved' || status === 'processing' || status === 'paid' || status === 'partially_failed')
    return 'Somebody has approved this batch already.'
  if (status !== 'submitted') return 'Nobody waits for an approval of this batch. It has to be submitted first.'
  return byAnother(createdById, who, { did: 'built this batch', must: 'approve' })
}

/** Hands a draft on to whoever approves it; from here on its lines stay as they are. @throws AppError Conflict when it is empty */
export async function submitBatch(work: UnitOfWork, id: string): Promise<Batch> {
  const batch = await lockBatch(work, id)
  if (batch.status !== 'draft') throw conflict('Only a draft can be submitted.')
  await recountBatch(work, id)
  if ((await lockBatch(work, id)).payoutCount === 0)
    throw conflict('This batch has no payouts. Add some, or cancel it.')
  await change(work, batch, { status: 'submitted', submittedAt: nowOf(work), rejectedReason: null })
  return await lockBatch(work, id)
}

/**
 * A second person agrees to what was submitted, line by line: the database compares both, and the audit log keeps the lines
 * and their fingerprint with the approval.
 * @returns the batch and its payouts, which are to be transferred from here on
 * @throws AppError Forbidden to who built it, Conflict when somebody was faster
 */
export async function approveBatch(
  work: UnitOfWork,
  id: string,
): Promise<{ batch: Batch; payoutIds: string[]; sentences: string[] }> {
  const waiting = await lockUndecided(work, id)
  await change(work, waiting, { status: 'approved', approvedById: work.userId, approvedAt: nowOf(work) })
  const batch = await lockBatch(work, id)
  const { orgId, userId, ip, requestId } = work
  const seen = JSON.stringify({ linesHash: batch.linesHash, lines: batch.lines })
  await work.tx
    .$executeRaw`SELECT audit_event(${orgId}::uuid, ${userId}::uuid, 'payoutBatch.approved', ${ip}, ${requestId},
    'PayoutBatch', ${id}, NULL, ${seen}::jsonb)`
  const lines = await linesOf(work, id)
  const money = (cents: number) => formatMoney(cents, batch.currency)
  return { batch, payoutIds: lines.map((line) => line.id), sentences: perInstructor(lines, money) }
}

/** A second person turns it down, and says why. @throws AppError Forbidden to who built it */
export async function rejectBatch(work: UnitOfWork, id: string, reason: string): Promise<void> {
  const batch = await lockUndecided(work, id)
  if (reason.trim() === '') throw invalid('Say why this batch is rejected.', 'reason')
  await change(work, batch, { status: 'rejected', rejectedReason: reason })
}

/** Takes a batch back to draft to edit it: whoever approved it has approved nothing any more. */
export async function reviseBatch(work: UnitOfWork, id: string): Promise<void> {
  const batch = await lockBatch(work, id)
  if (!canRevise(batch)) throw conflict('This batch is being paid, so it cannot be edited any more.')
  await voidBatch(work, batch, batch.rejectedReason ?? 'Back to draft, to be edited.')
}

export const canRevise = ({ status }: Pick<Batch, 'status'>): boolean =>
  status === 'submitted' || status === 'approved' || status === 'rejected'

/** Gives a batch up: its payouts wait for another one. */
export async function cancelBatch(work: UnitOfWork, id: string): Promise<void> {
  const batch = await lockBatch(work, id)
  if (batch.status !== 'draft' && !canRevise(batch)) throw conflict('This batch is being paid, or is over.')
  if (batch.status !== 'draft') await voidBatch(work, batch, 'Canceled.')
  const where = { orgId: work.orgId, batchId: id }
  for (const payout of await work.tx.payout.findMany({ where }))
    await changePayout(work, payout, { batchId: null, status: 'pending', nettedCents: 0 })
  await recountBatch(work, id)
  await change(work, batch, { status: 'canceled' })
}

async function lockUndecided(work: UnitOfWork, id: string): Promise<Batch> {
  const batch = await lockBatch(work, id)
  const answer = mayDecide(batch, work)
  if (answer === true) return batch
  throw batch.status === 'submitted' ? forbidden(answer) : conflict(answer)
}

/** The lines of a batch, with names. */
export async function linesOf(work: UnitOfWork, batchId: string) {
  const lines = await work.tx.payout.findMany({
    where: { orgId: work.orgId, batchId },
    include: { instructor: { select: { displayName: true } } },
    orderBy: { id: 'asc' },
  })
  return lines.map(({ instructor: { displayName }, ...payout }) => ({ ...payout, instructor: displayName }))
}

async function change(work: UnitOfWork, { id }: Batch, data: Partial<Batch>): Promise<void> {
  const { lines: _, ...plain } = data
  await work.tx.payoutBatch.updateMany({ where: { id, orgId: work.orgId }, data: plain })
}
