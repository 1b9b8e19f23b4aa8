import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type BorneLoss, disputeLost, disputeOpened, disputeWon } from '../ledger/facts.ts'
import { post } from '../ledger/post.ts'
import type { Payment } from '../payments/payment.ts'
import { keptOf, partOfLoss } from '../payouts/due-share.ts'
import { isEarned } from '../refunds/earned.ts'
import type { DisputeFacts } from './apply-dispute.ts'
import type { Dispute } from './dispute.ts'

interface Disputed {
  readonly payment: Payment
  readonly dispute: Dispute
  readonly facts: DisputeFacts
}

/** Writes into the books what the bank has taken, given back or kept; each once, however often it is told. */
export async function postDispute(work: UnitOfWork, { payment, dispute, facts }: Disputed): Promise<void> {
  const { withdrawnCents: amountCents, reinstatedCents, feeCents, feeBackCents } = facts
  if (amountCents === 0) return
  const about = { id: dispute.id, bookingId: payment.bookingId, currency: dispute.currency }
  await post(work, disputeOpened({ ...about, amountCents, feeCents: feeCents + feeBackCents }))
  if (reinstatedCents > 0) await post(work, disputeWon({ ...about, amountCents: reinstatedCents }, feeBackCents))
  if (dispute.status === 'lost')
    await post(work, disputeLost({ ...about, amountCents }, await lossOf(work, { payment, dispute, amountCents })))
}

/** It is borne like a refund of what was left of the payment; what goes beyond that the learner has twice. */
async function lossOf(
  work: UnitOfWork,
  { payment, dispute, amountCents }: Pick<Disputed, 'payment' | 'dispute'> & { readonly amountCents: number },
): Promise<BorneLoss> {
  const { purpose, bookingId } = payment
  const parts = partOfLoss(payment, await keptOf(work, payment, { withoutDisputeId: dispute.id }), amountCents)
  const sharedCents = parts.platformFeeCents + parts.instructorShareCents
  const booking = await work.tx.booking.findFirst({
    where: { id: bookingId ?? payment.id, orgId: work.orgId },
    select: { instructorId: true },
  })
  return {
    ...parts,
    instructorId: booking?.instructorId ?? null,
    earned: await isEarned(work, payment, sharedCents),
    purpose,
    beyondCents: amountCents - sharedCents,
  }
}
