import type { RefundStatus } from '@prisma/client'
import type { Context } from '../../core/context.ts'
import type { Query } from '../../core/db.ts'
import { formatMoney } from '../../core/money.ts'
import type { Asked, Waiting } from './waiting-runs.ts'

// Money that waits for a second person, read from its own tables; the rules are those of src/domain/refunds/decide-refund.ts
// and of src/domain/payouts, for many at once.

/** Refunds that wait, and that the person has not asked for. */
export const refundsQuery = ({ orgId, userId }: Context, most: number): Query => ({
  text: `SELECT t.id, t."amountCents", t.currency, s."fullName", u."fullName", t."createdAt", t."paymentId"
    FROM "Refund" t JOIN "Payment" p ON p.id = t."paymentId" AND p."orgId" = t."orgId"
    JOIN "Student" s ON s.id = p."studentId" AND s."orgId" = t."orgId" LEFT JOIN "User" u ON u.id = t."requestedById"
    WHERE t."orgId" = $1::uuid AND t.status = 'pending_approval' AND t."requestedById" IS DISTINCT FROM $2::uuid
    ORDER BY t."createdAt", t.id LIMIT ${most}`,
  values: [orgId, userId],
})

export function refundIn([id, cents, currency, student, askedBy, askedAt, paymentId]: unknown[]): Waiting {
  return {
    model: 'Refund',
    id: id as string,
    summary: refundSummary(cents, currency, student),
    askedBy: askedBy as string | null,
    askedAt: askedAt as Date,
    open: { model: 'Payment', id: paymentId as string },
  }
}

const refundSummary = (cents: unknown, currency: unknown, student: unknown): string =>
  `Refund of ${formatMoney(cents as number, currency as string)}: ${String(student)}`

/** Batches that were submitted, and that the person has not built. */
export const batchesQuery = ({ orgId, userId }: Context, most: number): Query => ({
  text: `SELECT t.id, t.number, t."payoutCount", t."totalCents", t.currency, u."fullName", coalesce(t."submittedAt", t."createdAt")
    FROM "PayoutBatch" t LEFT JOIN "User" u ON u.id = t."createdById"
    WHERE t."orgId" = $1::uuid AND t.status = 'submitted' AND t."createdById" IS DISTINCT FROM $2::uuid
    ORDER BY t."submittedAt", t.id LIMIT ${most}`,
  values: [orgId, userId],
})

export function batchIn([id, number, count, cents, currency, askedBy, askedAt]: unknown[]): Waiting {
  const payouts = count === 1 ? 'one payout' : `${String(count)} payouts`
  return {
    model: 'PayoutBatch',
    id: id as string,
    summary: `Payout batch ${String(number)}: ${formatMoney(cents as number, currency as string)}, ${payouts}`,
    askedBy: askedBy as string | null,
    askedAt: askedAt as Date,
    open: null,
  }
}

/** Refunds that the person has asked for and that somebody else decides, or has decided, about. */
export const askedRefundsQuery = ({ orgId, userId }: Context, most: number): Query => ({
  text: `SELECT t.id, t."amountCents", t.currency, s."fullName", t."createdAt", t.status, u."fullName", t."rejectedReason"
    FROM "Refund" t JOIN "Payment" p ON p.id = t."paymentId" AND p."orgId" = t."orgId"
    JOIN "Student" s ON s.id = p."studentId" AND s."orgId" = t."orgId"
    LEFT JOIN "User" u ON u.id = coalesce(t."approvedById", t."rejectedById")
    WHERE t."orgId" = $1::uuid AND t."requestedById" = $2::uuid
      AND (t.status = 'pending_approval' OR (coalesce(t."approvedAt", t."rejectedAt") > now() - interval '30 days'))
    ORDER BY t."createdAt" DESC, t.id DESC LIMIT ${most}`,
  values: [orgId, userId],
})

export function askedRefundIn([id, cents, currency, student, askedAt, status, ...rest]: unknown[]): Asked {
  const [decidedBy, reason] = rest as (string | null)[]
  const who = decidedBy ?? 'A colleague'
  const now = standing(status as RefundStatus)
  const sentences: Partial<Record<Asked['status'], string>> = {
    waiting: 'Waits until somebody else agrees: owner or finance.',
    running: `${who} has agreed. The money is on its way.`,
    succeeded: `${who} has agreed, and the money is back.`,
    failed: `${who} has agreed, but it could not be done: see the refund.`,
    rejected: `${who} has rejected it: ${reason ?? ''}`,
  }
  return {
    id: id as string,
    summary: refundSummary(cents, currency, student),
    askedAt: askedAt as Date,
    status: now,
    sentence: sentences[now]!,
  }
}

function standing(status: RefundStatus): Asked['status'] {
  if (status === 'pending_approval') return 'waiting'
  if (status === 'rejected' || status === 'succeeded') return status
  return status === 'failed' || status === 'canceled' ? 'failed' : 'running'
}
