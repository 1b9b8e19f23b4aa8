import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { accountsOf } from './debts.ts'
import { transferCents } from './payout.ts'

/** Where a payout's money is, and what stands between it and the instructor. */
export async function standingOfPayout(work: UnitOfWork, id: string) {
  const { tx, orgId } = work
  const payout = await tx.payout.findFirstOrThrow({
    where: { id, orgId },
    include: {
      bankPayout: { select: { id: true, status: true, arrivesOn: true, failureReason: true } },
      batch: { select: { id: true, number: true, status: true } },
    },
  })
  const [row] = await tx.$queryRaw<{ obstacle: string | null }[]>`
    SELECT payout_obstacle(p, ${nowOf(work)}) AS obstacle FROM "Payout" p WHERE p."orgId" = ${orgId}::uuid AND p.id = ${id}::uuid`
  const accounts = await accountsOf(work, payout.instructorId)
  const { debtCents = 0 } = accounts.find(({ currency }) => currency === payout.currency) ?? {}
  return {
    status: payout.status,
    obstacle: row?.obstacle ?? null,
    /** Of the instructor; taken off the next batch. */
    debtCents,
    transferCents: transferCents(payout),
    currency: payout.currency,
    batch: payout.batch,
    bank: payout.bankPayout,
  }
}
