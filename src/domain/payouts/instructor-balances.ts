import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Account, accountsOf } from './debts.ts'
import { TRANSFERRED } from './payout.ts'

/** What stands between the school and one instructor. Cents. */
export interface InstructorBalance extends Account {
  readonly instructor: string
  readonly onboarding: string
  /** Everything that was ever transferred, without what was taken back. */
  readonly paidCents: number
}

/** Every instructor to whom something is owed or was paid, by name. */
export async function instructorBalances(work: UnitOfWork): Promise<InstructorBalance[]> {
  const { tx, orgId } = work
  const accounts = await accountsOf(work)
  const paid = await tx.payout.groupBy({
    by: ['instructorId', 'currency'],
    where: { orgId, status: { in: [...TRANSFERRED] } },
    _sum: { amountCents: true, nettedCents: true, reversedCents: true },
  })
  const instructors = await tx.instructor.findMany({
    where: { orgId },
    select: { id: true, displayName: true, stripeOnboardingStatus: true },
  })
  const known = new Map(instructors.map((one) => [one.id, one]))
  return accounts
    .map((account) => {
      const sums = paid.find((one) => one.instructorId === account.instructorId && one.currency === account.currency)
      const { amountCents, nettedCents, reversedCents } = sums?.['_sum'] ?? {}
      const instructor = known.get(account.instructorId)
      return {
        ...account,
        instructor: instructor?.displayName ?? '',
        onboarding: instructor?.stripeOnboardingStatus ?? 'not_started',
        paidCents: (amountCents ?? 0) - (nettedCents ?? 0) - (reversedCents ?? 0),
      }
    })
    .toSorted((a, b) => a.instructor.localeCompare(b.instructor))
}
