import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPaymentAlone } from '../payments/payment.ts'
import { failRefund } from './fail-refund.ts'
import { type Refund, lockRefund } from './refund.ts'

const HOUR_MS = 3_600_000
/** Until then Stripe is asked, and looked at, by the program itself. */
const LOOKED_FOR_HOURS = 20

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
  const since = nowOf(work).getTime() - (call?.firstTriedAt?.getTime() ?? 0)
  if (since < LOOKED_FOR_HOURS * HOUR_MS)
    throw conflict(
      'Stripe is still asked about it, by itself, for a day. After that somebody can say that it was not made.',
    )
  const payment = await lockPaymentAlone(work, refund.paymentId)
  const error = 'Somebody has looked in the Stripe dashboard: it was not made.'
  if (call)
    await tx.stripeCall.updateMany({
      where: { id: call.id, orgId, status: 'unknown' },
      data: { status: 'refused', error, finishedAt: nowOf(work) },
    })
  const note = `${error} Try again, or give it back another way.`
  return await failRefund(work, payment, refund, { status: 'failed', failureCode: 'not_made', note })
}
