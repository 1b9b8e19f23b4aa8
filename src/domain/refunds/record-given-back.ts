import { nowOf } from '../../core/context.ts'
import { conflict, invalid } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPaymentAlone } from '../payments/payment.ts'
import { type Refund, lockRefund } from './refund.ts'
import { settleRefund } from './settle-refund.ts'

/** Whether it waits for somebody to hand the money back, as far as the refund itself tells. */
export function waitsForHands({
  status,
  method,
  stripeRefundId,
}: Pick<Refund, 'status' | 'method' | 'stripeRefundId'>) {
  if (status === 'pending_approval') return 'Somebody must approve this refund first.'
  return (
    (status === 'pending' && method === 'original' && stripeRefundId === null) ||
    'There is nothing to hand back: only what was paid in cash or by bank transfer is given back by hand.'
  )
}

/**
 * Somebody has handed the cash back, or has sent the bank transfer.
 * @param givenBackAt when; now when nothing is said
 * @throws AppError Conflict when it is not waiting for that, Invalid for a time to come
 */
export async function recordGivenBack(work: UnitOfWork, id: string, givenBackAt?: Date): Promise<Refund> {
  const refund = await lockRefund(work, id)
  const payment = await lockPaymentAlone(work, refund.paymentId)
  const answer = waitsForHands(refund)
  if (answer !== true) throw conflict(answer)
  if (payment.method === 'card') throw conflict('This goes back to the card by Stripe: nobody hands it back.')
  const settledAt = givenBackAt ?? nowOf(work)
  if (settledAt > nowOf(work)) throw invalid('It cannot have been given back in the future.', 'givenBackAt')
  if (settledAt < (refund.approvedAt ?? refund.createdAt))
    throw invalid('It cannot have been given back before it was agreed to.', 'givenBackAt')
  return await settleRefund(work, payment, refund, { settledAt, givenBackById: work.userId })
}
