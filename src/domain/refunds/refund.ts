import type { Prisma, RefundStatus } from '@prisma/client'
import type { Scalars } from '../../core/declaration.ts'
import { conflict, notFound } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import type { FeeSplit } from '../../core/money.ts'
import { lockRow } from '../../core/lock-row.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Payment } from '../payments/payment.ts'

export type Refund = Scalars<'Refund'>

/** Refunds that came to nothing: their money can be refunded again. */
export const CAME_TO_NOTHING = ['rejected', 'failed', 'canceled'] as const satisfies RefundStatus[]
/** Agreed to, and not settled yet. */
export const ON_ITS_WAY = [
  'approved',
  'submitting',
  'unknown',
  'pending',
  'requires_action',
] as const satisfies RefundStatus[]

export const isOnItsWay = ({ status }: Pick<Refund, 'status'>): boolean => ON_ITS_WAY.some((one) => one === status)

/** The refund, locked until the end of the transaction; always before its payment. @throws AppError NotFound */
export async function lockRefund(work: UnitOfWork, id: string): Promise<Refund> {
  await lockRow(work, 'Refund', id)
  const refund = await work.tx.refund.findFirst({ where: { id, orgId: work.orgId } })
  if (!refund) throw notFound('There is no such refund in your school.')
  return refund
}

/**
 * Changes a refund that is still as it was read, and counts the change.
 * @throws AppError Conflict when somebody else was faster
 */
export async function changeRefund(
  work: UnitOfWork,
  refund: Refund,
  data: Prisma.RefundUncheckedUpdateManyInput & { readonly status: RefundStatus },
): Promise<Refund> {
  const { id, status, version } = refund
  const where = { id, orgId: work.orgId, status, version }
  const { count } = await work.tx.refund.updateMany({ where, data: { ...data, version: version + 1 } })
  if (count === 0) throw conflict('Somebody changed this refund at the same moment. Load it again.')
  return await work.tx.refund.findFirstOrThrow({ where: { id, orgId: work.orgId } })
}

/** What of a payment is promised to go back, or has gone back already, and what is left of it. */
export interface Standing {
  readonly gone: FeeSplit
  readonly leftCents: number
}

/** Holds for the rest of the transaction once the payment is locked. @param but a refund that does not count */
export async function standingOf(work: UnitOfWork, payment: Payment, but?: string): Promise<Standing> {
  const { _sum: sum } = await work.tx.refund.aggregate({
    where: {
      orgId: work.orgId,
      paymentId: payment.id,
      status: { notIn: [...CAME_TO_NOTHING] },
      ...(but ? { id: { not: but } } : {}),
    },
    _sum: { amountCents: true, platformFeeCents: true, instructorShareCents: true },
  })
  const gone = {
    platformFeeCents: sum.platformFeeCents ?? 0,
    instructorShareCents: sum.instructorShareCents ?? 0,
  }
  return { gone, leftCents: payment.amountCents - (sum.amountCents ?? 0) }
}

type RefundTopic = 'refund.requested' | 'refund.approved' | 'refund.rejected' | 'refund.succeeded' | 'refund.failed'

/** The event of a change, with the refund as it is now. */
export const tellRefund = (work: UnitOfWork, topic: RefundTopic, refund: Refund): Promise<void> =>
  emit(work, {
    topic,
    of: 'Refund',
    id: refund.id,
    version: refund.version,
    payload: {
      refundId: refund.id,
      paymentId: refund.paymentId,
      bookingId: refund.bookingId,
      amountCents: refund.amountCents,
      currency: refund.currency,
    },
  })
