import { lockRow } from '../../core/lock-row.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** Whether an instructor still has no account at Stripe; the row is locked from here on. */
export async function wantsAccount(work: UnitOfWork, instructorId: string): Promise<boolean> {
  const { tx, orgId } = work
  await lockRow(work, 'Instructor', instructorId)
  const instructor = await tx.instructor.findFirst({ where: { id: instructorId, orgId } })
  return instructor !== null && instructor.stripeAccountId === null
}

/** Remembers which account of Stripe an instructor has. */
export async function attachAccount({ tx, orgId }: UnitOfWork, instructorId: string, accountId: string): Promise<void> {
  await tx.instructor.updateMany({
    where: { id: instructorId, orgId, stripeAccountId: null },
    data: { stripeAccountId: accountId, stripeOnboardingStatus: 'pending' },
  })
}
