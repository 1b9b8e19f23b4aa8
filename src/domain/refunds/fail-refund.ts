import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { takeBack } from '../ledger/take-back.ts'
import { lockPaymentAlone, type Payment } from '../payments/payment.ts'
import { unfollowRefund } from '../payouts/unfollow-refund.ts'
import { giveBackToPackage } from './package-credit.ts'
import { type Refund, changeRefund, isOnItsWay, lockRefund, tellRefund } from './refund.ts'
import { countRefunded } from './settle-refund.ts'
import { whyFailed } from './why-failed.ts'

export interface Failure {
  readonly status: 'failed' | 'canceled'
  readonly failureCode: string | null
  /** What somebody has to know or do. */
  readonly note: string
  readonly stripeRefundId?: string
}

/**
 * The money has not gone back, or has come back from the learner's bank, perhaps weeks later: the books and the payout are
 * as before, and it can be refunded again. Both rows are locked.
 */
export async function failRefund(
  work: UnitOfWork,
  payment: Payment,
  refund: Refund,
  failure: Failure,
): Promise<Refund> {
  const failed = await changeRefund(work, refund, { ...failure, settledAt: null })
  if (refund.status === 'succeeded') {
    await takeBack(work, { kind: 'refund.succeeded', of: 'Refund', id: refund.id }, 'refund.returned')
    await countRefunded(work, payment, -refund.amountCents, null)
  }
  const wasAgreed = await takeBack(work, { kind: 'refund.approved', of: 'Refund', id: refund.id }, 'refund.failed')
  if (wasAgreed) {
    if (payment.purpose === 'package') await giveBackToPackage(work, payment, failed)
    await unfollowRefund(work, failed)
  }
  await tellRefund(work, 'refund.failed', failed)
  return failed
}

/** Stripe has refused it for good: it was not made. It can be tried again. */
export async function refuseRefund(work: UnitOfWork, id: string, failureCode: string): Promise<void> {
  const refund = await lockRefund(work, id)
  if (!isOnItsWay(refund)) return
  const payment = await lockPaymentAlone(work, refund.paymentId)
  const note = whyFailed(refund, { failureCode, cameBack: false })
  await failRefund(work, payment, refund, { status: 'failed', failureCode, note })
}
