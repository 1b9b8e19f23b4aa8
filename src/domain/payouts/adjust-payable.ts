import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { includedGst } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { payableAdjusted } from '../ledger/facts.ts'
import { post } from '../ledger/post.ts'
import { rulesOf } from '../school.ts'
import type { Payout } from './payout.ts'

/**
 * The school settles something with an instructor. Above zero it waits for a batch like a lesson; below, it is a debt that
 * the next batch takes off.
 * @param amountCents never zero
 */
export async function adjustPayable(
  work: UnitOfWork,
  { instructorId, amountCents, reason }: { instructorId: string; amountCents: number; reason: string },
): Promise<Payout> {
  if (!Number.isSafeInteger(amountCents)) throw invalid('The amount is a whole number of cents.', 'amountCents')
  if (amountCents === 0) throw invalid('The amount must not be zero.', 'amountCents')
  const { currency } = await rulesOf(work)
  const { gstRegistered } = await work.tx.instructor.findFirstOrThrow({
    where: { id: instructorId, orgId: work.orgId },
    select: { gstRegistered: true },
  })
  const payout = await work.tx.payout.create({
    data: {
      orgId: work.orgId,
      instructorId,
      kind: 'adjustment',
      reason,
      currency,
      amountCents,
      gstCents: gstRegistered && amountCents > 0 ? includedGst(amountCents) : 0,
      status: amountCents > 0 ? 'pending' : 'deducted',
      availableAt: nowOf(work),
      createdAt: nowOf(work),
    },
  })
  await post(work, {
    ...payableAdjusted({ id: payout.id, bookingId: null, currency, instructorId, amountCents }),
    description: reason,
  })
  return payout
}
