import type { Scalars } from '../../core/declaration.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPaymentAlone } from '../payments/payment.ts'
import { alignPayouts } from './align-payouts.ts'

/**
 * A refund that was agreed to has failed, perhaps weeks later, or was called off: the instructor is to have their part of it
 * after all. What nobody has taken back yet stays; what was taken back is paid once more.
 */
export async function unfollowRefund(work: UnitOfWork, refund: Scalars<'Refund'>): Promise<void> {
  const payment = await lockPaymentAlone(work, refund.paymentId)
  await alignPayouts(work, payment, { happening: { undoneRefundId: refund.id }, cause: { refundId: refund.id } })
}
