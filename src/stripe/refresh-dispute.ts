import type { Context } from '../core/context.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { applyDispute } from '../domain/disputes/apply-dispute.ts'
import type { Dispute } from '../domain/disputes/dispute.ts'
import { readDispute } from './disputes.ts'

/** A dispute by its id at Stripe, and the payment of ours that it is about. */
interface Disputed {
  readonly stripeDisputeId: string
  readonly paymentId: string
}

/**
 * Looks at Stripe where a dispute stands, and brings ours there; one that is not known here yet is taken in.
 * @param also what belongs into the same transaction
 */
export async function refreshDispute(
  ctx: Context,
  { stripeDisputeId, paymentId }: Disputed,
  also?: (work: UnitOfWork) => Promise<void>,
): Promise<Dispute> {
  const facts = await readDispute(stripeDisputeId)
  // it is the bank that does what follows, whoever looked
  const by: Context = { ...ctx, userId: null, role: null, actorKind: 'webhook' }
  return await ctx.db.transaction(by, async (tx) => {
    const work = { ...by, tx }
    const dispute = await applyDispute(work, paymentId, facts)
    await also?.(work)
    return dispute
  })
}
