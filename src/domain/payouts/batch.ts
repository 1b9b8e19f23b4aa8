import type { PayoutBatchStatus } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import type { Scalars } from '../../core/declaration.ts'
import { notFound } from '../../core/errors.ts'
import { lockRow } from '../../core/lock-row.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPayout, type Payout, transferCents } from './payout.ts'

export type Batch = Scalars<'PayoutBatch'>

/** Somebody waits for a decision, or has made one, and nothing is transferred yet: an edit takes all of that back. */
const VOIDABLE: readonly PayoutBatchStatus[] = ['submitted', 'approved', 'rejected']
/** Transfers have begun: its lines stay what they are. */
const BEGUN: readonly PayoutBatchStatus[] = ['processing', 'partially_failed', 'paid']

export const hasBegun = ({ status }: Pick<Batch, 'status'>): boolean => BEGUN.includes(status)

/** The batch, locked until the end of the transaction; before its payouts. @throws AppError NotFound */
export async function lockBatch(work: UnitOfWork, id: string): Promise<Batch> {
  await lockRow(work, 'PayoutBatch', id)
  const batch = await work.tx.payoutBatch.findFirst({ where: { id, orgId: work.orgId } })
  if (!batch) throw notFound('There is no such batch in your school.')
  return batch
}

/** A payout with its batch, both locked, the batch first as everywhere. @throws AppError NotFound */
export async function lockInBatch(
  work: UnitOfWork,
  payoutId: string,
): Promise<{ payout: Payout; batch: Batch | null }> {
  const where = { id: payoutId, orgId: work.orgId }
  const found = await work.tx.payout.findFirst({ where, select: { batchId: true } })
  const batch = found?.batchId ? await lockBatch(work, found.batchId) : null
  return { payout: await lockPayout(work, payoutId), batch }
}

/** What an edit does to a batch that was submitted: it is a draft again, nobody has approved it, and it says why. */
export async function voidBatch(work: UnitOfWork, batch: Batch, why: string): Promise<void> {
  if (!VOIDABLE.includes(batch.status)) return
  await work.tx.payoutBatch.updateMany({
    where: { id: batch.id, orgId: work.orgId },
    data: { status: 'draft', submittedAt: null, approvedById: null, approvedAt: null, rejectedReason: why },
  })
}

/** Number and total of a draft, as its lines are now. */
export async function recountBatch(work: UnitOfWork, id: string): Promise<void> {
  const where = { orgId: work.orgId, batchId: id }
  const lines = await work.tx.payout.findMany({ where, select: { amountCents: true, nettedCents: true } })
  const totalCents = lines.reduce((cents, line) => cents + transferCents(line), 0)
  await work.tx.payoutBatch.updateMany({
    where: { id, orgId: work.orgId },
    data: { payoutCount: lines.length, totalCents },
  })
}

/** Where a batch stands once one of its transfers has ended or begun again. The batch is locked. */
export async function settleBatch(work: UnitOfWork, id: string): Promise<void> {
  const batch = await lockBatch(work, id)
  if (!hasBegun(batch)) return
  const lines = await work.tx.payout.groupBy({
    by: ['status'],
    where: { orgId: work.orgId, batchId: id },
    _count: true,
  })
  const has = (...statuses: string[]) => lines.some(({ status }) => statuses.includes(status))
  const status = has('batched', 'submitting', 'unknown')
    ? 'processing'
    : has('failed', 'held')
      ? 'partially_failed'
      : 'paid'
  if (batch.status === status) return
  await changeBatch(work, batch, status)
}

/** The first transfer of an approved batch begins, or one of a batch is tried again. */
export async function beginBatch(work: UnitOfWork, batch: Batch): Promise<void> {
  if (batch.status === 'approved' || batch.status === 'partially_failed') await changeBatch(work, batch, 'processing')
}

async function changeBatch(work: UnitOfWork, { id }: Batch, status: PayoutBatchStatus): Promise<void> {
  await work.tx.payoutBatch.updateMany({
    where: { id, orgId: work.orgId },
    data: { status, updatedAt: nowOf(work) },
  })
}
