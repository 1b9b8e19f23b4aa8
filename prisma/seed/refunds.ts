import type { RefundReason, RefundStatus } from '@prisma/client'
import { splitFee } from '../../src/core/money.ts'
import { whyFailed } from '../../src/domain/refunds/why-failed.ts'
import type { Credits } from './credits.ts'
import { type Line, post } from './ledger.ts'
import { type Paid, purse } from './payments.ts'
import type { Row } from './rows.ts'
import { hoursAfter, minutesAfter, type School } from './school.ts'
import { PLATFORM_FEE_BPS } from './schools.ts'
import type { Staff } from './team.ts'

const EXPIRED_CARD = { failureCode: 'expired_or_canceled_card', cameBack: false } as const

/** Above this a second person decides. */
const APPROVAL_OVER_CENTS = 10_000

export interface Request {
  readonly cents: number
  readonly at: Date
  readonly reasonCode: RefundReason
  readonly reason: string
  readonly requestedById: string | null
  /** Where it ended; by itself it succeeds, or waits for approval when it is large and fresh. */
  readonly end?: Extract<RefundStatus, 'pending_approval' | 'rejected' | 'failed'>
  readonly isOverride?: boolean
  readonly policySnapshot?: Row<'Refund'>['policySnapshot']
  /** The lesson was given, so the parts had been credited to platform and instructor. */
  readonly earned?: boolean
}

/** What cancelled lessons bring back under the policy they were cancelled by. */
export function addPolicyRefunds(
  school: School,
  payments: readonly Paid[],
  desk: { staff: Staff; credits: Credits },
): void {
  for (const paid of payments) {
    const { outcome, tier, cancelledAt, slot } = paid.booked
    if (outcome.kind !== 'cancelled' || !tier || !cancelledAt) continue
    const cents = splitFee(paid.amountCents, tier.percent * 100).platformFeeCents
    if (cents === 0) continue
    const ownWish = outcome.as === 'student' || outcome.as === 'parent'
    const refund = addRefund(school, paid, {
      cents,
      at: minutesAfter(cancelledAt, 1),
      reasonCode: outcome.as === 'instructor' ? 'instructor_cancelled' : 'policy',
      reason: outcome.reason,
      requestedById: ownWish ? null : desk.staff.manager,
      policySnapshot: { actor: tier.actor, hoursBeforeStart: tier.hours, refundPercentage: tier.percent },
    })
    if (paid.booked.method === 'credit' && refund.status === 'succeeded') {
      desk.credits.giveBack(paid, {
        cents,
        minutes: (slot.minutes * tier.percent) / 100,
        at: minutesAfter(cancelledAt, 2),
      })
    }
  }
}

/** One refund with its entries in the books, and the payment it changes. */
export function addRefund(school: School, paid: Paid, request: Request): Row<'Refund'> {
  const { cents, at, reasonCode, reason, requestedById, policySnapshot, isOverride = false } = request
  const { status, approvedAt } = decide(school, request)
  const id = school.newId(`refund/${paid.id}/${at.getTime()}`, at)
  const { method, id: bookingId } = paid.booked
  const sent = status === 'succeeded' || status === 'failed'
  const doneAt = minutesAfter(approvedAt ?? at, 3)
  const refund = school.rows.add('Refund', {
    id,
    orgId: school.id,
    paymentId: paid.id,
    bookingId,
    amountCents: cents,
    ...splitFee(cents, PLATFORM_FEE_BPS),
    currency: 'AUD',
    method: method === 'credit' ? 'credit' : 'original',
    status,
    reasonCode,
    reason,
    ...(policySnapshot ? { policySnapshot } : {}),
    isOverride,
    requestedById,
    approvedById: approvedAt ? approver(school) : null,
    approvedAt,
    ...(status === 'rejected'
      ? {
          rejectedById: approver(school),
          rejectedAt: hoursAfter(at, 4),
          rejectedReason: 'Nothing was wrong with the lesson',
        }
      : {}),
    settledAt: status === 'succeeded' ? doneAt : null,
    givenBackById: status === 'succeeded' && (method === 'cash' || method === 'bank_transfer') ? requestedById : null,
    note: status === 'failed' ? whyFailed({ amountCents: cents, currency: 'AUD' }, EXPIRED_CARD) : null,
    version: status === 'pending_approval' ? 1 : 2,
    stripeRefundId: method === 'card' && sent ? school.stripeId('re', id) : null,
    failureCode: status === 'failed' ? EXPIRED_CARD.failureCode : null,
    idempotencyKey: `df:${school.id}:refund:${id}:a1`,
    createdAt: at,
    updatedAt: sent ? doneAt : at,
  })
  if (sent) settle(school, paid, { refund, request, agreedAt: approvedAt ?? at, doneAt })
  return refund
}

interface Decision {
  status: RefundStatus
  approvedAt: Date | null
}

/** Small ones go out at once; a large one, or one beyond the policy, is approved after a few hours. */
function decide(school: School, { cents, at, end, isOverride }: Request): Decision {
  const decided: Decision = { status: end ?? 'succeeded', approvedAt: null }
  if (cents <= APPROVAL_OVER_CENTS && !isOverride) return decided
  if (end === 'pending_approval' || end === 'rejected') return decided
  const approvedAt = hoursAfter(at, 4)
  return school.isPast(approvedAt) ? { ...decided, approvedAt } : { status: 'pending_approval', approvedAt: null }
}

/** Finance decides what the office requested: never the same person. */
const approver = (school: School): string =>
  school.rows.of('UserOrg').find((member) => member.role === 'finance')!.userId

interface Settled {
  refund: Row<'Refund'>
  request: Request
  agreedAt: Date
  doneAt: Date
}

/** What is agreed is owed; what went out is gone; what came back is owed no longer. */
function settle(school: School, paid: Paid, { refund, request, agreedAt, doneAt }: Settled): void {
  const { booked } = paid
  const about = { model: 'Refund' as const, id: refund.id!, bookingId: booked.id }
  const instructorId = booked.instructor.id
  const sources: Line[] = request.earned
    ? [
        { account: 'platform_fee', cents: refund.platformFeeCents },
        { account: 'instructor_payable', cents: refund.instructorShareCents, instructorId },
      ]
    : [{ account: 'unearned_lessons', cents: refund.amountCents }]
  const owed: Line = { account: 'refunds', cents: -refund.amountCents }
  post(school, { kind: 'refund.approved', about, at: agreedAt, lines: [...sources, owed] })
  if (refund.status === 'failed') {
    const undone = [...sources, owed].map((line) => ({ ...line, cents: -line.cents }))
    post(school, { kind: 'refund.failed', about, at: doneAt, lines: undone })
    return
  }
  const out: Line = { account: purse[booked.method], cents: -refund.amountCents }
  post(school, { kind: 'refund.succeeded', about, at: doneAt, lines: [{ ...owed, cents: refund.amountCents }, out] })
  const { row } = paid
  row.refundedCents = (row.refundedCents ?? 0) + refund.amountCents
  row.status = row.refundedCents === paid.amountCents ? 'refunded' : 'partially_refunded'
  row.stripeRefundId = refund.stripeRefundId ?? null
  row.updatedAt = doneAt
}
