import type { PayoutStatus, RefundStatus } from '@prisma/client'
import type { Scalars } from '../../core/declaration.ts'
import { notFound } from '../../core/errors.ts'
import { lockRow } from '../../core/lock-row.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

export type Payout = Scalars<'Payout'>
export type TransferReversal = Scalars<'TransferReversal'>

/** Stripe is being asked, or has not answered: it may be transferred any moment. */
export const IN_TRANSFER = ['submitting', 'unknown'] as const satisfies PayoutStatus[]
/** The instructor has it, or had. */
export const TRANSFERRED = ['paid', 'partially_reversed', 'reversed'] as const satisfies PayoutStatus[]
/** Not paid, and nobody at Stripe has heard of it. */
export const OPEN = ['pending', 'held', 'batched', 'failed'] as const satisfies PayoutStatus[]

type Standing = Pick<Payout, 'status'>
export const isOpen = ({ status }: Standing): boolean => OPEN.some((one) => one === status)
export const isInTransfer = ({ status }: Standing): boolean => IN_TRANSFER.some((one) => one === status)
export const isTransferred = ({ status }: Standing): boolean => TRANSFERRED.some((one) => one === status)

/** Reversals that Stripe may still be asked for, or was. */
export const REVERSAL_UNDER_WAY = ['approved', 'submitting', 'unknown'] as const satisfies RefundStatus[]

/** What Stripe is asked to transfer: the amount without what goes against the instructor's debts. Cents. */
export const transferCents = ({ amountCents, nettedCents }: Pick<Payout, 'amountCents' | 'nettedCents'>): number =>
  amountCents - nettedCents

/** The payout, locked until the end of the transaction; after its payment and its batch. @throws AppError NotFound */
export async function lockPayout(work: UnitOfWork, id: string): Promise<Payout> {
  await lockRow(work, 'Payout', id)
  const payout = await work.tx.payout.findFirst({ where: { id, orgId: work.orgId } })
  if (!payout) throw notFound('There is no such payout in your school.')
  return payout
}

/** Changes a payout that is locked. */
export async function changePayout(work: UnitOfWork, payout: Payout, data: Partial<Payout>): Promise<Payout> {
  await work.tx.payout.updateMany({ where: { id: payout.id, orgId: work.orgId }, data })
  return { ...payout, ...data }
}
