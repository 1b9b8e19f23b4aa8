import type { Who } from '../../core/action.ts'
import { nowOf } from '../../core/context.ts'
import { conflict, forbidden, invalid } from '../../core/errors.ts'
import { formatMoney } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { byAnother } from '../four-eyes.ts'
import { accountsOf } from './debts.ts'
import { isTransferred, lockPayout, type TransferReversal, transferCents } from './payout.ts'
import { changeReversal, lockReversal } from './reverse-payout.ts'
import { countsAsTakenBack, tellAgreed } from './request-reversal.ts'

/** Asks for part of a transfer to be taken back; another person has to agree. @throws AppError Invalid with what is left */
export async function proposeReversal(
  work: UnitOfWork,
  payoutId: string,
  { amountCents, reason, key }: { amountCents: number; reason: string; key: string },
): Promise<TransferReversal> {
  const payout = await lockPayout(work, payoutId)
  if (!isTransferred(payout) || !payout.stripeTransferId) throw conflict('Only what was transferred can be taken back.')
  const before = await work.tx.transferReversal.findMany({ where: { orgId: work.orgId, payoutId } })
  // what is asked for and not decided is spoken for
  const spoken = before.filter((one) => countsAsTakenBack(one) || one.status === 'pending_approval' || isUnderWay(one))
  const left = transferCents(payout) - spoken.reduce((cents, one) => cents + one.amountCents, 0)
  if (left <= 0) throw conflict('All of this transfer was taken back already, or is asked for.')
  if (amountCents <= 0) throw invalid('The amount must be above zero.', 'amountCents')
  if (amountCents > left)
    throw invalid(`At most ${formatMoney(left, payout.currency)} is left of this transfer.`, 'amountCents')
  return await work.tx.transferReversal.create({
    data: {
      orgId: work.orgId,
      payoutId,
      amountCents,
      reason,
      status: 'pending_approval',
      requestedById: work.userId,
      idempotencyKey: `asked:${key}`,
      createdAt: nowOf(work),
    },
  })
}

const isUnderWay = ({ status }: TransferReversal): boolean =>
  status === 'approved' || status === 'submitting' || status === 'unknown'

type Undecided = Pick<TransferReversal, 'status' | 'requestedById'>

/** Whether this person may decide about it now, or the sentence why not: never who asked for it. */
export function mayDecideReversal({ status, requestedById }: Undecided, who: Who): true | string {
  if (status !== 'pending_approval') return 'Nobody waits for an approval of this any more.'
  return byAnother(requestedById, who, { did: 'asked for this', must: 'decide about' })
}

/** A second person agrees, and Stripe is asked. */
export async function approveReversal(work: UnitOfWork, id: string): Promise<void> {
  const reversal = await lockUndecided(work, id)
  await changeReversal(work, reversal, { status: 'approved', approvedById: work.userId, approvedAt: nowOf(work) })
  await tellAgreed(work, reversal)
}

/** Nothing is taken back; what a lost dispute leaves open stays a debt. */
export async function rejectReversal(work: UnitOfWork, id: string, reason: string): Promise<void> {
  const reversal = await lockUndecided(work, id)
  await changeReversal(work, reversal, { status: 'rejected', failureReason: reason })
}

async function lockUndecided(work: UnitOfWork, id: string): Promise<TransferReversal> {
  const { reversal } = await lockReversal(work, id)
  const answer = mayDecideReversal(reversal, work)
  if (answer === true) return reversal
  throw reversal.status === 'pending_approval' ? forbidden(answer) : conflict(answer)
}

/** What Stripe refused is asked again, unless it was taken off a payout meanwhile. */
export async function retryReversal(work: UnitOfWork, id: string): Promise<void> {
  const { reversal, payout } = await lockReversal(work, id)
  if (reversal.status !== 'failed') throw conflict('Only what Stripe has refused can be asked again.')
  if (reversal.refundId || reversal.disputeId) {
    const accounts = await accountsOf(work, payout.instructorId)
    const debt = accounts.find(({ currency }) => currency === payout.currency)?.debtCents ?? 0
    if (debt < reversal.amountCents)
      throw conflict('It was taken off other payouts of the instructor meanwhile, so nothing is left to take back.')
  }
  await changeReversal(work, reversal, { status: 'approved', failureCode: null, failureReason: null })
}
