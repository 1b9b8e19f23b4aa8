import { nowOf } from '../../core/context.ts'
import { conflict, forbidden, invalid } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { byAnother } from '../four-eyes.ts'
import { lockPaymentAlone } from '../payments/payment.ts'
import { agreeRefund } from './agree-refund.ts'
import { requireUndisputed } from './dispute-against.ts'
import { type Refund, changeRefund, lockRefund, tellRefund } from './refund.ts'
import { onceAgreed } from './request-refund.ts'

/** Whether this person may decide about a refund now, or the sentence why not: never who asked for it. */
export function mayDecide(
  { status, requestedById }: Pick<Refund, 'status' | 'requestedById'>,
  who: { readonly userId: string | null },
): true | string {
  if (status !== 'pending_approval') return 'Nobody waits for an approval of this refund any more.'
  return byAnother(requestedById, who, { did: 'asked for this refund', must: 'decide about' })
}

/** A second person agrees, and the money is on its way. @throws AppError Forbidden to who asked for it */
export async function approveRefund(work: UnitOfWork, id: string): Promise<Refund> {
  const refund = await lockUndecided(work, id)
  const payment = await lockPaymentAlone(work, refund.paymentId)
  await requireUndisputed(work, payment)
  const approved = await changeRefund(work, refund, {
    ...onceAgreed(payment, refund.method),
    approvedById: work.userId,
    approvedAt: nowOf(work),
  })
  return await agreeRefund(work, payment, approved)
}

/** A second person turns it down; the amount can be refunded again. @throws AppError Forbidden to who asked for it */
export async function rejectRefund(work: UnitOfWork, id: string, reason: string): Promise<Refund> {
  const refund = await lockUndecided(work, id)
  if (reason.trim() === '') throw invalid('Say why this refund is rejected.', 'reason')
  const rejected = await changeRefund(work, refund, {
    status: 'rejected',
    rejectedById: work.userId,
    rejectedReason: reason,
    rejectedAt: nowOf(work),
  })
  await tellRefund(work, 'refund.rejected', rejected)
  return rejected
}

async function lockUndecided(work: UnitOfWork, id: string): Promise<Refund> {
  const refund = await lockRefund(work, id)
  const answer = mayDecide(refund, work)
  if (answer === true) return refund
  throw refund.status === 'pending_approval' ? forbidden(answer) : conflict(answer)
}
