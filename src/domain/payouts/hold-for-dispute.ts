import type { Scalars } from '../../core/declaration.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPaymentAlone } from '../payments/payment.ts'
import { holdPayout } from './hold-payout.ts'
import { isOpen, lockPayout } from './payout.ts'

/** The learner's bank disputes the payment: what is not paid of it waits until the bank has decided. */
export async function holdForDispute(
  work: UnitOfWork,
  { paymentId, reason }: Pick<Scalars<'Dispute'>, 'paymentId' | 'reason'>,
): Promise<void> {
  await lockPaymentAlone(work, paymentId)
  const holdReason = `The learner’s bank disputes the payment (${reason.replaceAll('_', ' ')}).`
  for (const id of await payoutsOf(work, paymentId)) {
    const payout = await lockPayout(work, id)
    // who holds it besides decides when it goes on
    if (isOpen(payout) && payout.holdKind !== 'person')
      await holdPayout(work, payout, { holdKind: 'dispute', holdReason })
  }
}

/** The payouts of a payment that are not over. */
export async function payoutsOf({ tx, orgId }: UnitOfWork, paymentId: string): Promise<string[]> {
  const found = await tx.payout.findMany({
    where: { orgId, paymentId, status: { notIn: ['canceled', 'deducted'] } },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  return found.map(({ id }) => id)
}
