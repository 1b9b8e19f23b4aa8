import type { LedgerAccount } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

export interface Balance {
  readonly account: LedgerAccount
  readonly currency: string
  /** Debit positive, credit negative, in cents. */
  readonly cents: number
}

/** What stands on each account of the school's books. Together they are zero in every currency. */
export async function balancesOf(work: UnitOfWork): Promise<Balance[]> {
  const sums = await work.tx.ledgerEntry.groupBy({
    by: ['account', 'currency'],
    where: { orgId: work.orgId },
    _sum: { amountCents: true },
    orderBy: [{ account: 'asc' }, { currency: 'asc' }],
  })
  return sums.map(({ account, currency, ...sum }) => ({ account, currency, cents: centsOf(sum) }))
}

export interface Owed {
  readonly instructorId: string
  readonly currency: string
  /** Above zero is owed to the instructor; below, the instructor owes it. Cents. */
  readonly cents: number
}

/** What is owed to each instructor, by currency. @param instructorId only this one's */
export async function owedToInstructors(work: UnitOfWork, instructorId?: string): Promise<Owed[]> {
  const sums = await work.tx.ledgerEntry.groupBy({
    by: ['instructorId', 'currency'],
    where: { orgId: work.orgId, account: 'instructor_payable', instructorId: instructorId ?? { not: null } },
    _sum: { amountCents: true },
    orderBy: [{ instructorId: 'asc' }, { currency: 'asc' }],
  })
  return sums.map((sum) => ({
    instructorId: sum.instructorId!,
    currency: sum.currency,
    // a credit is what we owe; no minus zero
    cents: 0 - centsOf(sum),
  }))
}

const centsOf = (sum: { readonly _sum: { readonly amountCents: number | null } }): number =>
  sum['_sum'].amountCents ?? 0
