import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { emit } from '../../core/events.ts'
import { isTransferred, type Payout, type TransferReversal } from './payout.ts'

/** Why part of a transfer is taken back: it follows from a refund, from a dispute, or somebody says why. */
export type Cause = { readonly refundId: string } | { readonly disputeId: string } | { readonly reason: string }

/**
 * Whether a reversal has taken, or will take, part of a payout: also one that Stripe refused or somebody turned down, because
 * what it was for stays the instructor's debt. What a person asks for by hand counts once it has happened.
 */
export function countsAsTakenBack(reversal: TransferReversal): boolean {
  const byHand = reversal.requestedById !== null && !reversal.refundId && !reversal.disputeId
  return byHand ? reversal.status === 'succeeded' : reversal.status !== 'canceled'
}

/** What a refund takes back was agreed to with it; anything else waits for a person. The payout is locked. */
export async function requestReversal(
  work: UnitOfWork,
  { id: payoutId, status }: Pick<Payout, 'id' | 'status'>,
  { amountCents, cause }: { readonly amountCents: number; readonly cause: Cause },
): Promise<void> {
  const { orgId, tx } = work
  const isAgreed = 'refundId' in cause
  const before = await tx.transferReversal.count({ where: { orgId, payoutId } })
  const { id } = await tx.transferReversal.create({
    data: {
      orgId,
      payoutId,
      ...cause,
      amountCents,
      status: isAgreed ? 'approved' : 'pending_approval',
      idempotencyKey: `reversal:${payoutId}:${before + 1}`,
      createdAt: nowOf(work),
    },
    select: { id: true },
  })
  // of what is under way it is taken back once it has arrived
  if (isAgreed && isTransferred({ status })) await tellAgreed(work, { id, payoutId, amountCents })
}

/** The worker asks Stripe for it when the transaction commits. */
export const tellAgreed = (
  work: UnitOfWork,
  { id, payoutId, amountCents }: Pick<TransferReversal, 'id' | 'payoutId' | 'amountCents'>,
): Promise<void> =>
  emit(work, {
    topic: 'payout.reversal_agreed',
    of: 'TransferReversal',
    id,
    version: 1,
    payload: { reversalId: id, payoutId, amountCents },
  })

/** Calls off what Stripe has not been asked for. @returns whether it could be */
export async function cancelReversal(work: UnitOfWork, { id, status }: TransferReversal): Promise<boolean> {
  if (status !== 'approved' && status !== 'pending_approval') return false
  const { count } = await work.tx.transferReversal.updateMany({
    where: { id, orgId: work.orgId, status },
    data: { status: 'canceled' },
  })
  return count === 1
}
