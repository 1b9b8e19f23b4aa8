import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { payoutPaid } from '../ledger/facts.ts'
import { post } from '../ledger/post.ts'
import { goesWhereApproved } from './approved-account.ts'
import { beginBatch, hasBegun, lockInBatch, settleBatch } from './batch.ts'
import { failureWords } from './failure-words.ts'
import { changePayout, isInTransfer, type Payout, transferCents } from './payout.ts'
import { tellAgreed } from './request-reversal.ts'

/** What of a payout Stripe has to be asked for. */
export interface Transfer {
  readonly payout: Payout
  readonly destination: string
  /** The charge that the money comes from; null when it came in another way. */
  readonly sourceChargeId: string | null
}

/**
 * Whether a payout still is to be transferred now: its batch is approved, nobody holds it, and it is not paid. From here on
 * it is under way. What goes against debts as a whole is paid without Stripe.
 */
export async function wantsTransfer(work: UnitOfWork, payoutId: string): Promise<boolean> {
  const { payout, batch } = await lockInBatch(work, payoutId)
  if (!batch || batch.id !== payout.batchId || (batch.status !== 'approved' && !hasBegun(batch))) return false
  if (payout.status !== 'batched' && !isInTransfer(payout)) return false
  await beginBatch(work, batch)
  if (!(await goesWhereApproved(work, payout, batch))) {
    await changePayout(work, payout, { status: 'failed', failureCode: 'account_changed', failureReason: OTHER_ACCOUNT })
    await settleBatch(work, batch.id)
    return false
  }
  if (transferCents(payout) === 0) {
    await finish(work, payout, null)
    return false
  }
  await changePayout(work, payout, { status: 'submitting', failureCode: null, failureReason: null })
  return true
}

const OTHER_ACCOUNT =
  'The instructor has another Stripe account than the one that was approved. Retry: it then waits for another batch.'

/** The payout with where its money comes from and goes to. @throws AppError Conflict while the instructor has no account */
export async function readTransfer(work: UnitOfWork, payoutId: string): Promise<Transfer> {
  const { instructor, payment, ...payout } = await work.tx.payout.findFirstOrThrow({
    where: { id: payoutId, orgId: work.orgId },
    include: {
      instructor: { select: { stripeAccountId: true, displayName: true } },
      payment: { select: { method: true, stripeChargeId: true } },
    },
  })
  if (!instructor.stripeAccountId) throw conflict(`${instructor.displayName} has not signed up with Stripe yet.`)
  const sourceChargeId = payment?.method === 'card' && payout.kind !== 'adjustment' ? payment.stripeChargeId : null
  return { payout, destination: instructor.stripeAccountId, sourceChargeId }
}

/** Stripe has made the transfer: the instructor has the money, and the books say so. */
export async function recordTransfer(work: UnitOfWork, payoutId: string, transferId: string): Promise<void> {
  const { payout } = await lockInBatch(work, payoutId)
  if (payout.stripeTransferId === transferId) return
  if (!isInTransfer(payout))
    throw conflict('Stripe has transferred a payout that was not on its way: somebody has to look.')
  await finish(work, payout, transferId)
}

async function finish(work: UnitOfWork, payout: Payout, stripeTransferId: string | null): Promise<void> {
  const paid = await changePayout(work, payout, {
    status: 'paid',
    stripeTransferId,
    paidAt: nowOf(work),
    failureCode: null,
    failureReason: null,
  })
  const amountCents = transferCents(paid)
  const { id, bookingId, currency, instructorId } = paid
  await post(work, payoutPaid({ id, bookingId, currency, instructorId, amountCents }))
  await emit(work, {
    topic: 'payout.paid',
    of: 'Payout',
    id,
    version: 1,
    payload: { payoutId: id, instructorId, bookingId, amountCents, currency },
  })
  await takeBackNow(work, id)
  await settleBatch(work, paid.batchId!)
}

/** What was agreed to be taken back while the transfer was under way. */
async function takeBackNow(work: UnitOfWork, payoutId: string): Promise<void> {
  const where = { orgId: work.orgId, payoutId, status: 'approved' as const }
  for (const reversal of await work.tx.transferReversal.findMany({ where })) await tellAgreed(work, reversal)
}

/** Stripe has refused for good: it says why, and can be retried. */
export async function refuseTransfer(
  work: UnitOfWork,
  payoutId: string,
  failure: { readonly code: string; readonly message: string },
): Promise<void> {
  const { payout } = await lockInBatch(work, payoutId)
  if (!isInTransfer(payout)) return
  await changePayout(work, payout, {
    status: 'failed',
    failureCode: failure.code,
    failureReason: failureWords(failure),
  })
  await settleBatch(work, payout.batchId!)
}

/** No answer: it may have happened, so nothing else is done with it until that is known. */
export async function noteUnknown(work: UnitOfWork, payoutId: string): Promise<void> {
  const { payout } = await lockInBatch(work, payoutId)
  if (payout.status !== 'submitting') return
  const failureReason = 'Stripe has not answered yet: it may have been transferred.'
  await changePayout(work, payout, { status: 'unknown', failureReason })
}
