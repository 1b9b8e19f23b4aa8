import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** Who answers for the school's money: finance; the owner where there is nobody of finance. */
export async function readersOf({ tx, orgId }: UnitOfWork): Promise<{ readonly id: string; readonly email: string }[]> {
  const members = await tx.userOrg.findMany({
    where: { orgId, status: 'active', role: { in: ['finance', 'owner'] }, user: { disabledAt: null } },
    select: { role: true, user: { select: { id: true, email: true } } },
    orderBy: { createdAt: 'asc' },
  })
  const finance = members.filter(({ role }) => role === 'finance')
  return (finance.length > 0 ? finance : members).map(({ user }) => user)
}
