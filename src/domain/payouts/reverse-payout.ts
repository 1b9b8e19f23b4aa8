import { nowOf } from '../../core/context.ts'
import { conflict, notFound } from '../../core/errors.ts'
import { includedGst } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { payoutReversed } from '../ledger/facts.ts'
import { post } from '../ledger/post.ts'
import { reversalFailureWords } from './failure-words.ts'
import {
  changePayout,
  isTransferred,
  lockPayout,
  type Payout,
  REVERSAL_UNDER_WAY,
  transferCents,
  type TransferReversal,
} from './payout.ts'

/** A reversal with its payout, both locked, the payout first. @throws AppError NotFound */
export async function lockReversal(
  work: UnitOfWork,
  id: string,
): Promise<{ reversal: TransferReversal; payout: Payout }> {
  const where = { id, orgId: work.orgId }
  const found = await work.tx.transferReversal.findFirst({ where, select: { payoutId: true } })
  if (!found) throw notFound('There is no such reversal in your school.')
  const payout = await lockPayout(work, found.payoutId)
  return { payout, reversal: await work.tx.transferReversal.findFirstOrThrow({ where }) }
}

/** Whether it still is to be taken back now; from here on it is under way. */
export async function wantsReversal(work: UnitOfWork, id: string): Promise<boolean> {
  const { reversal, payout } = await lockReversal(work, id)
  if (!REVERSAL_UNDER_WAY.some((one) => one === reversal.status)) return false
  if (!isTransferred(payout) || payout.stripeTransferId === null) return false
  await changeReversal(work, reversal, { status: 'submitting', failureCode: null, failureReason: null })
  return true
}

/** Stripe has taken it back: the books and the payout say so. Told twice it counts once. */
export async function recordReversal(work: UnitOfWork, id: string, stripeReversalId: string): Promise<void> {
  const { reversal, payout } = await lockReversal(work, id)
  if (reversal.stripeReversalId === stripeReversalId) return
  if (reversal.stripeReversalId) throw conflict('This reversal has another one at Stripe already.')
  await changeReversal(work, reversal, {
    status: 'succeeded',
    stripeReversalId,
    failureCode: null,
    failureReason: null,
  })
  await settleReversal(work, payout, reversal)
}

/** A reversal that somebody made at Stripe's dashboard is taken over as it is. @returns whether it was unknown */
export async function importReversal(
  work: UnitOfWork,
  payoutId: string,
  { stripeReversalId, amountCents }: { readonly stripeReversalId: string; readonly amountCents: number },
): Promise<boolean> {
  const payout = await lockPayout(work, payoutId)
  const where = { orgId: work.orgId, stripeReversalId }
  if ((await work.tx.transferReversal.count({ where })) > 0) return false
  const reversal = await work.tx.transferReversal.create({
    data: {
      orgId: work.orgId,
      payoutId,
      amountCents,
      status: 'succeeded',
      reason: 'Made in the Stripe dashboard',
      isImported: true,
      stripeReversalId,
      idempotencyKey: `imported:${stripeReversalId}`,
      createdAt: nowOf(work),
    },
  })
  await settleReversal(work, payout, reversal)
  return true
}

async function settleReversal(work: UnitOfWork, payout: Payout, reversal: TransferReversal): Promise<void> {
  const { bookingId, currency, instructorId } = payout
  const { id, amountCents } = reversal
  await post(work, payoutReversed({ id, bookingId, currency, instructorId, amountCents }))
  const reversedCents = payout.reversedCents + amountCents
  const status = reversedCents === transferCents(payout) ? 'reversed' : 'partially_reversed'
  await changePayout(work, payout, { reversedCents, status })
  if (!reversal.refundId && !reversal.disputeId && (reversal.requestedById || reversal.isImported))
    await oweAgain(work, payout, reversal)
}

/** What was taken back by hand is still earned: it is held until somebody decides about it. */
async function oweAgain(work: UnitOfWork, payout: Payout, { amountCents, reason }: TransferReversal): Promise<void> {
  const { orgId, instructorId, bookingId, paymentId, currency } = payout
  await work.tx.payout.create({
    data: {
      orgId,
      instructorId,
      bookingId,
      paymentId,
      currency,
      kind: 'adjustment',
      reason: `Taken back before: ${reason ?? 'no reason given'}`,
      amountCents,
      gstCents: payout.gstCents > 0 ? includedGst(amountCents) : 0,
      status: 'held',
      holdKind: 'person',
      holdReason: 'It was taken back. Release it to pay it again, or adjust what is owed.',
      availableAt: nowOf(work),
      createdAt: nowOf(work),
    },
  })
}

/** Stripe takes nothing back: the debt stays with the instructor, in the books, and the next batch nets it. */
export async function refuseReversal(
  work: UnitOfWork,
  id: string,
  failure: { readonly code: string; readonly message: string },
): Promise<void> {
  const { reversal } = await lockReversal(work, id)
  if (!REVERSAL_UNDER_WAY.some((one) => one === reversal.status)) return
  await changeReversal(work, reversal, {
    status: 'failed',
    failureCode: failure.code,
    failureReason: reversalFailureWords(failure),
  })
}

/** No answer: it may have happened. */
export async function noteReversalUnknown(work: UnitOfWork, id: string): Promise<void> {
  const { reversal } = await lockReversal(work, id)
  if (reversal.status === 'submitting') await changeReversal(work, reversal, { status: 'unknown' })
}

export async function changeReversal(
  work: UnitOfWork,
  { id }: TransferReversal,
  data: Partial<TransferReversal>,
): Promise<void> {
  await work.tx.transferReversal.updateMany({ where: { id, orgId: work.orgId }, data })
}
