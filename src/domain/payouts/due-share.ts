import type { RefundStatus } from '@prisma/client'
import { splitPart } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Payment } from '../payments/payment.ts'

/** A refund that somebody, or the school's limit, has agreed to: its parts are borne, whatever Stripe is doing. */
const AGREED = [
  'approved',
  'submitting',
  'unknown',
  'pending',
  'requires_action',
  'succeeded',
] as const satisfies RefundStatus[]

/** What happens in this very transaction, whether its row says so already or not. */
export interface Happening {
  readonly agreedRefundId?: string
  readonly undoneRefundId?: string
  readonly lostDisputeId?: string
  /** One that is not counted. */
  readonly withoutDisputeId?: string
  /** The lesson is not earned yet: what waits for approval will probably go back as well. */
  readonly inReview?: boolean
}

/** What is left of a payment's parts once everything that goes back has gone back. Cents. */
export interface Kept {
  readonly platformFeeCents: number
  readonly instructorShareCents: number
}

/** What platform and instructor keep of a payment, after the refunds that were agreed to and the disputes that were lost. */
export async function keptOf(work: UnitOfWork, payment: Payment, happening: Happening = {}): Promise<Kept> {
  const afterRefunds = await keptAfterRefunds(work, payment, happening)
  const where = { orgId: work.orgId, paymentId: payment.id }
  const disputes = await work.tx.dispute.findMany({ where, orderBy: { openedAt: 'asc' } })
  return disputes
    .filter(({ id, status }) => id === happening.lostDisputeId || status === 'lost')
    .filter(({ id }) => id !== happening.withoutDisputeId)
    .reduce((kept, { amountCents }) => less(kept, partOfLoss(payment, kept, amountCents)), afterRefunds)
}

/** Who bears how much of what a bank has taken back for good: like a refund of as much as was left. */
export function partOfLoss(payment: Kept, kept: Kept, disputedCents: number): Kept {
  const left = kept.platformFeeCents + kept.instructorShareCents
  return splitPart(Math.min(disputedCents, left), payment, less(payment, kept))
}

const less = (one: Kept, other: Kept): Kept => ({
  platformFeeCents: one.platformFeeCents - other.platformFeeCents,
  instructorShareCents: one.instructorShareCents - other.instructorShareCents,
})

async function keptAfterRefunds(work: UnitOfWork, payment: Payment, happening: Happening): Promise<Kept> {
  const refunds = await work.tx.refund.findMany({
    where: { orgId: work.orgId, paymentId: payment.id },
    select: { id: true, status: true, platformFeeCents: true, instructorShareCents: true },
  })
  return refunds
    .filter(
      ({ id, status }) =>
        id !== happening.undoneRefundId &&
        (id === happening.agreedRefundId ||
          AGREED.some((one) => one === status) ||
          (happening.inReview === true && status === 'pending_approval')),
    )
    .reduce<Kept>(less, payment)
}

/** What an instructor is to have of a payment in the end: their share, without refunds and lost disputes. Cents. */
export const dueShare = async (work: UnitOfWork, payment: Payment, happening: Happening = {}): Promise<number> =>
  (await keptOf(work, payment, happening)).instructorShareCents
