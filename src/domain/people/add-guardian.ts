import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'

export interface GuardianAsked {
  /** Somebody the school knows already; else one is added with the name. */
  readonly guardianId?: string | undefined
  readonly fullName?: string | undefined
  readonly phone?: string | undefined
  readonly email?: string | undefined
  /** "Mother". */
  readonly relation?: string | undefined
  readonly isBilling: boolean
  readonly isEmergency: boolean
}

/**
 * Somebody answers for a learner from now on; who does already keeps being it, with what is said now.
 * @returns the guardian
 * @throws AppError Invalid when nobody is named, or both somebody known and somebody new
 */
export async function addGuardian(
  work: UnitOfWork,
  studentId: string,
  asked: GuardianAsked,
): Promise<{ id: string; fullName: string }> {
  const { orgId, tx } = work
  const guardian = asked.guardianId ? await known(work, asked, asked.guardianId) : await added(work, asked)
  const link = { relation: asked.relation ?? null, isBilling: asked.isBilling, isEmergency: asked.isEmergency }
  const where = { orgId, studentId, guardianId: guardian.id }
  const { count } = await tx.studentGuardian.updateMany({ where, data: link })
  if (count === 0)
    await tx.studentGuardian.create({ data: { ...where, ...link, createdAt: nowOf(work) }, select: { id: true } })
  return guardian
}

async function known(work: UnitOfWork, { fullName }: GuardianAsked, id: string) {
  if (fullName)
    throw invalid('Choose somebody you know already, or type the name of a new guardian: not both.', 'fullName')
  const guardian = await work.tx.guardian.findFirst({
    where: { id, orgId: work.orgId },
    select: { id: true, fullName: true },
  })
  if (!guardian) throw invalid("This guardian is not one of your school's. Choose one from the list.", 'guardianId')
  return guardian
}

async function added(work: UnitOfWork, { fullName, phone, email }: GuardianAsked) {
  if (!fullName) throw invalid('Say who it is: choose somebody you know already, or type the name.', 'fullName')
  if (!phone && !email) throw invalid('Say how to reach them: a telephone number or an e-mail address.', 'phone')
  const { orgId } = work
  return await work.tx.guardian.create({
    data: { orgId, fullName, phone: phone ?? null, email: email ?? null, createdAt: nowOf(work) },
    select: { id: true, fullName: true },
  })
}
