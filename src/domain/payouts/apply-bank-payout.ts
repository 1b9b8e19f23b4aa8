import type { BankPayoutStatus } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** A transfer from an instructor's Stripe account to their bank, as Stripe says it is now. */
export interface BankPayoutFacts {
  readonly id: string
  readonly status: BankPayoutStatus
  readonly amountCents: number
  readonly currency: string
  readonly arrivesOn: Date | null
  readonly failureCode: string | null
  readonly failureReason: string | null
  /** The transfers of ours that it goes on with. */
  readonly transferIds: readonly string[]
}

/** Brings the last leg of payouts to where Stripe has it; what was paid can still fail. */
export async function applyBankPayout(
  work: UnitOfWork,
  instructorId: string,
  { id: stripePayoutId, transferIds, ...facts }: BankPayoutFacts,
): Promise<void> {
  const { tx, orgId } = work
  const { id } = await tx.bankPayout.upsert({
    where: { stripePayoutId },
    create: { orgId, instructorId, stripePayoutId, ...facts, createdAt: nowOf(work) },
    update: facts,
    select: { id: true },
  })
  await tx.payout.updateMany({
    where: { orgId, instructorId, stripeTransferId: { in: [...transferIds] } },
    data: { bankPayoutId: id },
  })
}
