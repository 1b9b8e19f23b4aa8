import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { settleBatch } from './batch.ts'
import { leaveBatch } from './change-line.ts'
import { changePayout, type Payout } from './payout.ts'

/** Disputes that are not decided. */
export const UNDECIDED = ['warning', 'needs_response', 'under_review'] as const

/** An open payout waits, and says why; out of a batch that nobody has begun to pay. */
export async function holdPayout(
  work: UnitOfWork,
  payout: Payout,
  hold: { readonly holdKind: NonNullable<Payout['holdKind']>; readonly holdReason: string },
): Promise<void> {
  const data = { ...hold, status: 'held' } as const
  const why = `Back to draft: one of its payouts is held. ${hold.holdReason}`
  if (await leaveBatch(work, payout, { ...data, why })) return
  await changePayout(work, payout, data)
  await settleBatch(work, payout.batchId!)
}

/** A hold ends. Another one may begin: a person lets go of what a bank disputes. @param without a dispute that is decided */
export async function freePayout(
  work: UnitOfWork,
  payout: Payout,
  { without }: { readonly without?: string } = {},
): Promise<Payout> {
  const dispute = payout.paymentId
    ? await work.tx.dispute.findFirst({
        where: {
          orgId: work.orgId,
          paymentId: payout.paymentId,
          status: { in: [...UNDECIDED] },
          ...(without ? { id: { not: without } } : {}),
        },
      })
    : null
  if (dispute)
    return await changePayout(work, payout, {
      holdKind: 'dispute',
      holdReason: `The learner’s bank disputes the payment (${dispute.reason.replaceAll('_', ' ')}).`,
    })
  const free = { holdKind: null, holdReason: null }
  if (!payout.batchId) return await changePayout(work, payout, { ...free, status: 'pending', updatedAt: nowOf(work) })
  const failureReason = 'It was held while its batch was paid. Retry it.'
  return await changePayout(work, payout, { ...free, status: 'failed', failureCode: null, failureReason })
}
