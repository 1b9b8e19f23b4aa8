import { invalid } from '../../core/errors.ts'
import { isZone } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { standardTiers } from './standard-policies.ts'

export interface NewSchool {
  readonly name: string
  /** IANA zone. */
  readonly timeZone: string
  /** Eleven digits. */
  readonly abn: string | null
}

/**
 * A school joins the platform: with the figures that are usual, and nobody in it yet. `work` acts for the school that is to
 * be, so its first audit entry is its own beginning.
 * @throws AppError Invalid naming the field
 */
export async function openSchool(work: UnitOfWork, { name, timeZone, abn }: NewSchool): Promise<void> {
  const { tx, orgId } = work
  if (name.length < 2 || name.length > 200) throw invalid('The name of a school has 2 to 200 letters.', 'name')
  if (!isZone(timeZone)) throw invalid('Choose the time zone from the list.', 'timeZone')
  if (abn !== null && !/^\d{11}$/.test(abn)) throw invalid('An ABN has eleven digits.', 'abn')
  await tx.org.create({ data: { id: orgId, name, timeZone, abn } })
  await tx.orgSettings.create({ data: { orgId } })
  await tx.cancellationPolicy.createMany({
    data: standardTiers.map(([actor, hoursBeforeStart, refundPercentage]) => ({
      orgId,
      actor,
      hoursBeforeStart,
      refundPercentage,
    })),
  })
}
