import type { Prisma } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { reversed } from './facts.ts'
import { type Fact, post } from './post.ts'

type Which = Pick<Fact, 'kind' | 'of' | 'id'>

/** How often a fact of this kind is in the books for this row. */
export const timesTold = ({ tx, orgId }: UnitOfWork, { kind, of, id }: Which): Promise<number> =>
  tx.ledgerTransaction.count({ where: { orgId, kind, refType: of, refId: id } })

/**
 * Takes back the latest fact of a kind, exactly as it stands in the books; they keep both.
 * @param as the kind of what takes it back: `refund.failed`
 * @returns whether there was something to take back
 */
export async function takeBack(work: UnitOfWork, { kind, of, id }: Which, as: string): Promise<boolean> {
  const { tx, orgId } = work
  const told = await tx.ledgerTransaction.findMany({
    where: { orgId, kind, refType: of, refId: id },
    orderBy: { id: 'asc' },
    include: { entries: { orderBy: { id: 'asc' } } },
  })
  const taken = await timesTold(work, { kind: as, of, id })
  const latest = told.at(-1)
  if (!latest || taken >= told.length) return false
  const [first] = latest.entries
  const fact: Fact = {
    kind,
    of: latest.refType as Prisma.ModelName,
    id,
    bookingId: first!.bookingId,
    currency: first!.currency,
    lines: latest.entries.map(({ account, amountCents, instructorId }) => ({
      account,
      cents: amountCents,
      instructorId,
    })),
  }
  return await post(work, reversed(fact, as, taken === 0 ? undefined : String(taken + 1)))
}
