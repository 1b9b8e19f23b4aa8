import { owedToInstructors } from '../ledger/balances.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { OPEN, IN_TRANSFER, REVERSAL_UNDER_WAY, transferCents } from './payout.ts'

/** What one instructor has and owes, in one currency. Cents. */
export interface Account {
  readonly instructorId: string
  readonly currency: string
  /** By the books: above zero is owed to the instructor, below, the instructor owes it. */
  readonly owedCents: number
  /** Payouts that are not paid and wait for nothing but their batch and Stripe. */
  readonly openCents: number
  /** Payouts that are held. */
  readonly heldCents: number
  /** What is being taken back. */
  readonly comingBackCents: number
  /** What the instructor owes and no payout goes against yet: taken off the next batch. */
  readonly debtCents: number
}

/**
 * Every instructor's account, out of the books and the payouts: what the books owe is less than the open payouts by exactly
 * what the instructor owes.
 * @param instructorId only this one's
 */
export async function accountsOf(work: UnitOfWork, instructorId?: string): Promise<Account[]> {
  const { orgId, tx } = work
  const which = instructorId ? { instructorId } : {}
  const owed = await owedToInstructors(work, instructorId)
  const open = await tx.payout.findMany({
    where: { orgId, ...which, status: { in: [...OPEN, ...IN_TRANSFER] } },
    select: { instructorId: true, currency: true, amountCents: true, nettedCents: true, status: true, holdKind: true },
  })
  const coming = await tx.transferReversal.findMany({
    where: {
      orgId,
      status: { in: ['pending_approval', ...REVERSAL_UNDER_WAY] },
      ...(instructorId ? { payout: which } : {}),
    },
    include: { payout: { select: { instructorId: true, currency: true } } },
  })
  // what somebody asks for by hand is in the books only once it has happened
  const taken = coming.filter((one) => one.refundId || one.disputeId || !one.requestedById)
  const keys = new Set([...owed, ...open, ...taken.map(({ payout }) => payout)].map(keyOf))
  return [...keys].sort().map((key) => {
    const mine = open.filter((one) => keyOf(one) === key)
    // what is still reviewed is not in the books
    const booked = mine.filter(({ holdKind }) => holdKind !== 'review')
    const owedCents = owed.find((one) => keyOf(one) === key)?.cents ?? 0
    const comingBackCents = sum(
      taken.filter(({ payout }) => keyOf(payout) === key).map(({ amountCents }) => amountCents),
    )
    const bookedCents = sum(booked.map(transferCents))
    const [of, currency] = key.split(' ') as [string, string]
    return {
      instructorId: of,
      currency,
      owedCents,
      openCents: sum(mine.filter(({ status }) => status !== 'held').map(transferCents)),
      heldCents: sum(mine.filter(({ status }) => status === 'held').map(transferCents)),
      comingBackCents,
      debtCents: Math.max(0, bookedCents - owedCents - comingBackCents),
    }
  })
}

const keyOf = ({ instructorId, currency }: { readonly instructorId: string; readonly currency: string }): string =>
  `${instructorId} ${currency}`
const sum = (cents: readonly number[]): number => cents.reduce((total, one) => total + one, 0)
