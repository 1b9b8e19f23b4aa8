import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPaymentAlone } from '../payments/payment.ts'
import { agreeRefund } from './agree-refund.ts'
import { requireUndisputed } from './dispute-against.ts'
import { type Refund, changeRefund, lockRefund, tellRefund } from './refund.ts'
import { limitOf, onceAgreed, requestRefund } from './request-refund.ts'

export function canRetry({ status, isSeenTo }: Pick<Refund, 'status' | 'isSeenTo'>): true | string {
  if (isSeenTo) return 'This refund was tried again already, or given back in another way.'
  return status === 'failed' || status === 'canceled' || 'Only a refund that has failed can be tried again.'
}

/**
 * Tries a failed refund again. What Stripe has never made is asked for once more, as the next attempt; what was made and
 * came back is a refund that is over, so another one like it is asked for, under the same rules as any.
 * @returns the refund that is on its way, or waits for its approval
 * @throws AppError Conflict when it has not failed, or was tried again already; Invalid when too little is left
 */
export async function retryRefund(work: UnitOfWork, id: string): Promise<Refund> {
  const refund = await lockRefund(work, id)
  const answer = canRetry(refund)
  if (answer !== true) throw conflict(answer)
  if (refund.stripeRefundId !== null) return await another(work, refund)
  const payment = await lockPaymentAlone(work, refund.paymentId)
  await requireUndisputed(work, payment)
  if (await needsApproval(work, refund)) {
    const waiting = await changeRefund(work, refund, { status: 'pending_approval', failureCode: null, note: null })
    await tellRefund(work, 'refund.requested', waiting)
    return waiting
  }
  const agreed = { ...onceAgreed(payment, refund.method), failureCode: null }
  return await agreeRefund(work, payment, await changeRefund(work, refund, agreed))
}

/** It gave way while it waited, or the school's limit was lowered since. */
const needsApproval = async (work: UnitOfWork, refund: Refund): Promise<boolean> =>
  refund.approvedById === null &&
  refund.requestedById !== null &&
  (refund.isOverride || refund.amountCents > (await limitOf(work)))

async function another(work: UnitOfWork, failed: Refund): Promise<Refund> {
  const note = 'It failed, and was tried again: see the newer refund of the same payment.'
  await changeRefund(work, failed, { status: failed.status, isSeenTo: true, note })
  const key = `retry:${failed.id}`
  const { paymentId, amountCents, reasonCode, reason, method, policySnapshot, isOverride } = failed
  return await requestRefund(work, {
    paymentId,
    amountCents,
    reasonCode,
    reason,
    method,
    isOverride,
    key,
    ...(policySnapshot && typeof policySnapshot === 'object' && !Array.isArray(policySnapshot)
      ? { policySnapshot }
      : {}),
  })
}
