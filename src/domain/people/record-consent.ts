import type { ConsentKind } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'

interface Word {
  readonly kind: ConsentKind
  /** False records that it is withdrawn. */
  readonly granted: boolean
  /** Who gave it; null is the learner. */
  readonly guardianId: string | null
  readonly method: string
  readonly documentVer: string
  /** Null: until it is withdrawn. */
  readonly expiresAt: Date | null
}

/**
 * Writes down that a learner or a guardian agreed or withdrew; the latest word counts.
 * @throws AppError Invalid for lessons of a minor without a guardian, a stranger as guardian, an end that has passed
 */
export async function recordConsent(
  work: UnitOfWork,
  { id: studentId, fullName }: { readonly id: string; readonly fullName: string },
  word: Word,
): Promise<void> {
  const { orgId, userId, tx } = work
  const { kind, guardianId, expiresAt } = word
  if (kind === 'minor_lessons' && guardianId === null)
    throw invalid('For lessons under the age of 18 a guardian agrees: choose who.', 'guardianId')
  if (guardianId !== null && !(await tx.studentGuardian.findFirst({ where: { orgId, studentId, guardianId } })))
    throw invalid(`This is no guardian of ${fullName}.`, 'guardianId')
  if (expiresAt !== null && expiresAt <= nowOf(work)) throw invalid('The end must be still to come.', 'expiresAt')
  await tx.consent.create({
    data: { orgId, studentId, ...word, effectiveAt: nowOf(work), recordedById: userId },
    select: { id: true },
  })
}
