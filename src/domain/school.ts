import type { UnitOfWork } from '../core/unit-of-work.ts'
import type { Scalars } from '../core/declaration.ts'

/** How a school works: its figures, its clocks, its currency. */
export interface SchoolRules extends Scalars<'OrgSettings'> {
  readonly timeZone: string
  readonly currency: string
}

/** The figures of the school that `work` is for. Every school has exactly one row of them. */
export async function rulesOf(work: UnitOfWork): Promise<SchoolRules> {
  const settings = await work.tx.orgSettings.findFirstOrThrow({
    where: { orgId: work.orgId },
    include: { org: { select: { timeZone: true, currency: true } } },
  })
  const { org, ...figures } = settings
  return { ...figures, ...org }
}
