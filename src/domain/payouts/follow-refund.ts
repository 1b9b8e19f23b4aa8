import type { Scalars } from '../../core/declaration.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPaymentAlone } from '../payments/payment.ts'
import { alignPayouts } from './align-payouts.ts'

/**
 * A refund was agreed to, in this transaction: the instructor's payout follows. What is not paid yet is lessened, and a
 * batch that was submitted or approved goes back to draft; of what is paid, that part is taken back.
 */
export async function followRefund(work: UnitOfWork, refund: Scalars<'Refund'>): Promise<void> {
  const payment = await lockPaymentAlone(work, refund.paymentId)
  await alignPayouts(work, payment, { happening: { agreedRefundId: refund.id }, cause: { refundId: refund.id } })
}
