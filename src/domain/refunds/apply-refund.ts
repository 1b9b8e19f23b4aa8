import { conflict } from '../../core/errors.ts'
import { formatMoney } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPaymentAlone } from '../payments/payment.ts'
import { failRefund } from './fail-refund.ts'
import { type Refund, changeRefund, isOnItsWay, lockRefund } from './refund.ts'
import { settleRefund } from './settle-refund.ts'
import { whyFailed } from './why-failed.ts'

/** A refund as Stripe says it is now; never as an event says it was. */
export interface RefundFacts {
  readonly id: string
  readonly status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled'
  readonly amountCents: number
  readonly currency: string
  /** Why it failed, or waits. */
  readonly failureCode: string | null
}

/**
 * Brings a refund to where Stripe has it. Told twice, late or in the wrong order it ends in the same place: it goes forward
 * only, except that money may come back from the learner's bank, perhaps weeks later.
 * @throws AppError Conflict when Stripe has made another refund than was asked for: a person has to look
 */
export async function applyRefund(work: UnitOfWork, refundId: string, facts: RefundFacts): Promise<Refund> {
  const refund = await lockRefund(work, refundId)
  requireSame(refund, facts)
  const isGone = refund.status === 'succeeded'
  if (!isGone && !isOnItsWay(refund)) return refund
  const payment = await lockPaymentAlone(work, refund.paymentId)
  const { id: stripeRefundId, status, failureCode } = facts
  if (status === 'failed' || status === 'canceled') {
    const note = whyFailed(refund, { failureCode, cameBack: isGone })
    return await failRefund(work, payment, refund, { status, failureCode, note, stripeRefundId })
  }
  // what is said later about an earlier state changes nothing
  if (isGone) return refund
  if (status === 'succeeded') return await settleRefund(work, payment, refund, { stripeRefundId })
  if (refund.status === status && refund.stripeRefundId === stripeRefundId) return refund
  return await changeRefund(work, refund, { status, stripeRefundId, failureCode, note: noteOf(facts) })
}

function requireSame(refund: Refund, { id, amountCents, currency }: RefundFacts): void {
  if (refund.stripeRefundId !== null && refund.stripeRefundId !== id)
    throw conflict('This refund has another refund at Stripe than the one that was looked up.')
  if (amountCents !== refund.amountCents || currency !== refund.currency)
    throw conflict(
      `Stripe has refunded ${formatMoney(amountCents, currency)} where ${formatMoney(refund.amountCents, refund.currency)} was asked for.`,
    )
}

function noteOf({ status, failureCode }: RefundFacts): string | null {
  if (status === 'requires_action') return 'Stripe waits for the learner to say where the money goes.'
  return failureCode === 'insufficient_funds'
    ? 'The balance at Stripe is too small just now: Stripe pays it back as soon as there is enough.'
    : null
}
