import type { Scalars } from '../../core/declaration.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPaymentAlone } from '../payments/payment.ts'
import { alignPayouts } from './align-payouts.ts'
import { payoutsOf } from './hold-for-dispute.ts'
import { freePayout } from './hold-payout.ts'
import { lockPayout } from './payout.ts'

/**
 * The bank has decided. Won: what was held goes on. Lost: what is not paid of the instructor's part is called off, and taking
 * the paid part back is proposed, for a person to agree to.
 */
export async function releaseAfterDispute(
  work: UnitOfWork,
  dispute: Pick<Scalars<'Dispute'>, 'id' | 'paymentId'>,
  outcome: 'won' | 'lost',
): Promise<void> {
  const payment = await lockPaymentAlone(work, dispute.paymentId)
  const happening = outcome === 'lost' ? { lostDisputeId: dispute.id } : {}
  await alignPayouts(work, payment, { happening, cause: { disputeId: dispute.id } })
  for (const id of await payoutsOf(work, payment.id)) {
    const payout = await lockPayout(work, id)
    if (payout.holdKind === 'dispute') await freePayout(work, payout, { without: dispute.id })
  }
}
