import { includedGst } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { hasBegun, lockBatch, recountBatch, settleBatch, voidBatch } from './batch.ts'
import { changePayout, type Payout } from './payout.ts'

/** Whether a payout's own columns can change now; a batch that was submitted is a draft again from here on. */
async function thaw(work: UnitOfWork, { batchId }: Payout, why: string): Promise<boolean> {
  if (!batchId) return true
  const batch = await lockBatch(work, batchId)
  if (hasBegun(batch)) return false
  await voidBatch(work, batch, why)
  return true
}

/** Takes a payout out of its batch, for as long as nothing of it is transferred. @returns null when that has begun */
export async function leaveBatch(
  work: UnitOfWork,
  payout: Payout,
  { why, ...data }: Partial<Payout> & { readonly why: string },
): Promise<Payout | null> {
  if (!(await thaw(work, payout, why))) return null
  const left = await changePayout(work, payout, { ...data, batchId: null, nettedCents: 0 })
  if (payout.batchId) await recountBatch(work, payout.batchId)
  return left
}

/**
 * Gives an open payout another amount; of nothing it is canceled. What is a line of a batch that is being paid keeps its
 * amount: it is canceled there, and another payout takes its place.
 */
export async function changeAmount(work: UnitOfWork, payout: Payout, amountCents: number): Promise<void> {
  const why = 'Back to draft: one of its payouts changed, because of a refund or a dispute.'
  if (amountCents === 0) {
    const left = await leaveBatch(work, payout, { why, status: 'canceled' })
    if (!left) await cancelLine(work, payout)
    return
  }
  const gstCents = payout.gstCents > 0 ? includedGst(amountCents) : 0
  if (await thaw(work, payout, why)) {
    await changePayout(work, payout, { amountCents, gstCents, nettedCents: Math.min(payout.nettedCents, amountCents) })
    if (payout.batchId) await recountBatch(work, payout.batchId)
    return
  }
  await replaceLine(work, payout, { amountCents, gstCents })
}

/** A line of a batch that is being paid is canceled there, and another payout takes its place, in no batch. */
export async function replaceLine(
  work: UnitOfWork,
  payout: Payout,
  { amountCents, gstCents }: Pick<Payout, 'amountCents' | 'gstCents'> = payout,
): Promise<void> {
  await cancelLine(work, payout)
  const { orgId, instructorId, bookingId, paymentId, kind, currency, availableAt, holdKind, holdReason, reason } =
    payout
  const again = { orgId, instructorId, bookingId, paymentId, kind, currency, availableAt, holdKind, holdReason, reason }
  await work.tx.payout.create({
    data: { ...again, amountCents, gstCents, status: payout.holdKind ? 'held' : 'pending', createdAt: nowOf(work) },
  })
}

async function cancelLine(work: UnitOfWork, payout: Payout): Promise<void> {
  await changePayout(work, payout, { status: 'canceled' })
  if (payout.batchId) await settleBatch(work, payout.batchId)
}
