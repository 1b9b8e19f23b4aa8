import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** When the books of the school begin; null while nothing is in them. */
export async function firstFact({ tx, orgId }: UnitOfWork): Promise<Date | null> {
  const first = await tx.ledgerTransaction.findFirst({
    where: { orgId },
    orderBy: { occurredAt: 'asc' },
    select: { occurredAt: true },
  })
  return first?.occurredAt ?? null
}
