import { emit } from '../../core/events.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** Has the instructor written to: Stripe wants something before it pays to them. The instructor is locked. */
export async function tellAccountNeedsAction(
  work: UnitOfWork,
  instructor: { readonly id: string; readonly accountVersion: number },
  requirements: readonly string[],
): Promise<void> {
  const version = instructor.accountVersion + 1
  const where = { id: instructor.id, orgId: work.orgId }
  await work.tx.instructor.updateMany({ where, data: { accountVersion: version } })
  await emit(work, {
    topic: 'instructor.account_needs_action',
    of: 'Instructor',
    id: instructor.id,
    version,
    payload: { instructorId: instructor.id, requirements: [...requirements] },
  })
}
