import type { OrgStatus } from '@prisma/client'
import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/**
 * Nobody signs in any more and nothing is done by itself; everything stays. Whoever is signed in is out at their next
 * click. Why is `work.override`, which stands in the school's audit log.
 * @throws AppError Conflict when the school is not open
 */
export const suspendSchool = (work: UnitOfWork): Promise<void> =>
  move(work, { from: ['trial', 'active'], to: 'suspended', refusal: 'Only an open school can be suspended.' })

/** @throws AppError Conflict when the school is not suspended */
export const reopenSchool = (work: UnitOfWork): Promise<void> =>
  move(work, { from: ['suspended'], to: 'active', refusal: 'Only a suspended school can be opened again.' })

async function move(
  { tx, orgId }: UnitOfWork,
  { from, to, refusal }: { from: OrgStatus[]; to: OrgStatus; refusal: string },
): Promise<void> {
  const { count } = await tx.org.updateMany({ where: { id: orgId, status: { in: from } }, data: { status: to } })
  if (count === 0) throw conflict(refusal)
}
