import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPaymentAlone } from '../payments/payment.ts'
import { declareUnanswered, NOT_MADE } from '../unanswered-call.ts'
import { failRefund } from './fail-refund.ts'
import { type Refund, lockRefund } from './refund.ts'

export const isUnanswered = ({ status }: Pick<Refund, 'status'>): true | string =>
  status === 'unknown' || 'Stripe has answered, or was not asked yet.'

/**
 * Somebody has looked in the Stripe dashboard and found nothing: the refund has failed, and can be tried again as the next
 * attempt. If it was there after all, it is taken in when Stripe tells of it.
 * @throws AppError Conflict while the program still asks by itself
 */
export async function declareNotMade(work: UnitOfWork, id: string): Promise<Refund> {
  const refund = await lockRefund(work, id)
  const answer = isUnanswered(refund)
  if (answer !== true) throw conflict(answer)
  const { orgId, tx } = work
  const asked = { orgId, refId: id, operation: 'refund.submit', status: 'unknown' } as const
  const call = await tx.stripeCall.findFirst({ where: asked, select: { id: true, firstTriedAt: true } })
  if (call) await declareUnanswered(work, call)
  const payment = await lockPaymentAlone(work, refund.paymentId)
  const note = `${NOT_MADE} Try again, or give it back another way.`
  return await failRefund(work, payment, refund, { status: 'failed', failureCode: 'not_made', note })
}
