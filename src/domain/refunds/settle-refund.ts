import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { refundPaid } from '../ledger/facts.ts'
import { post } from '../ledger/post.ts'
import type { Payment } from '../payments/payment.ts'
import { type Refund, changeRefund, tellRefund } from './refund.ts'

/** The money is back: the books, the payment and the learner learn of it. Both rows are locked. */
export async function settleRefund(
  work: UnitOfWork,
  payment: Payment,
  refund: Refund,
  data: { readonly settledAt?: Date; readonly givenBackById?: string | null; readonly stripeRefundId?: string } = {},
): Promise<Refund> {
  const settled = await changeRefund(work, refund, {
    settledAt: nowOf(work),
    failureCode: null,
    // one that was made past this program stays flagged
    note: refund.isImported ? refund.note : null,
    ...data,
    status: 'succeeded',
  })
  await post(work, refundPaid(settled, settled.method === 'credit' ? 'credit' : payment.method))
  await countRefunded(work, payment, settled.amountCents, settled.stripeRefundId)
  await tellRefund(work, 'refund.succeeded', settled)
  return settled
}

/** @param cents more, or fewer, that are back with the learner */
export async function countRefunded(
  work: UnitOfWork,
  { id, amountCents }: Payment,
  cents: number,
  stripeRefundId: string | null,
): Promise<void> {
  const where = { id, orgId: work.orgId }
  // read again: another refund may have been counted in this transaction
  const { refundedCents: before } = await work.tx.payment.findFirstOrThrow({ where })
  const refundedCents = before + cents
  const status = refundedCents === 0 ? 'succeeded' : refundedCents === amountCents ? 'refunded' : 'partially_refunded'
  await work.tx.payment.updateMany({
    where,
    data: { refundedCents, status, ...(cents > 0 && stripeRefundId ? { stripeRefundId } : {}) },
  })
}
