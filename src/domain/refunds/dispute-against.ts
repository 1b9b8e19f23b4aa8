import type { DisputeStatus } from '@prisma/client'
import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

const sentences: Partial<Record<DisputeStatus, string>> = {
  needs_response: 'The learner’s bank is deciding about this payment: see its dispute. A refund now would pay twice.',
  under_review: 'The learner’s bank is deciding about this payment: see its dispute. A refund now would pay twice.',
  lost: 'The learner’s bank has taken this payment back already: see its dispute.',
}

/** Why a payment cannot be refunded as long as its bank has, or may have, its money; null when nothing stands against it. */
export async function disputeAgainst(
  { tx, orgId }: UnitOfWork,
  { id }: { readonly id: string },
): Promise<string | null> {
  const dispute = await tx.dispute.findFirst({
    where: { orgId, paymentId: id, status: { in: ['needs_response', 'under_review', 'lost'] } },
    select: { status: true },
  })
  return dispute ? sentences[dispute.status]! : null
}

/** @throws AppError Conflict with what stands against it */
export async function requireUndisputed(work: UnitOfWork, payment: { readonly id: string }): Promise<void> {
  const sentence = await disputeAgainst(work, payment)
  if (sentence) throw conflict(sentence)
}
