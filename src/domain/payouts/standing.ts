import type { PayoutKind } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import { formatInstant } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { isReceived, type Payment } from '../payments/payment.ts'
import { rulesOf } from '../school.ts'

/** domain.md, Booking states: a no-show can be taken back for a day, and what is kept is paid out only after that. */
const REVIEW_HOURS = 24
const HOUR_MS = 3_600_000

/** What a lesson that is over and paid is worth to its instructor, beside the amount. */
export interface Standing {
  readonly kind: Exclude<PayoutKind, 'adjustment'>
  readonly bookingId: string
  readonly instructorId: string
  readonly gstRegistered: boolean
  /** When it can be paid at the earliest. */
  readonly availableAt: Date
  /** Why it is not earned yet, in a sentence; null once its review is over. */
  readonly waits: string | null
}

const KINDS: Readonly<Record<string, Standing['kind']>> = {
  completed: 'lesson',
  no_show: 'no_show',
  cancelled: 'late_cancel',
}

/** @returns null while the lesson is not over, or not paid */
export async function standingOf(work: UnitOfWork, payment: Payment): Promise<Standing | null> {
  if (!isReceived(payment) || payment.purpose !== 'lesson' || !payment.bookingId) return null
  const booking = await work.tx.booking.findFirst({
    where: { id: payment.bookingId, orgId: work.orgId },
    include: { instructor: { select: { gstRegistered: true } } },
  })
  const kind = booking && KINDS[booking.status]
  if (!booking || !kind) return null
  const { payoutHoldHours, timeZone } = await rulesOf(work)
  const over = booking.statusChangedAt ?? booking.endAt
  const hours = kind === 'lesson' ? payoutHoldHours : REVIEW_HOURS
  const availableAt = new Date(over.getTime() + hours * HOUR_MS)
  return {
    kind,
    bookingId: booking.id,
    instructorId: booking.instructorId,
    gstRegistered: booking.instructor.gstRegistered,
    availableAt,
    waits: kind === 'lesson' ? null : await waitsFor(work, payment, { availableAt, timeZone }),
  }
}

async function waitsFor(
  work: UnitOfWork,
  { id, bookingId }: Payment,
  { availableAt, timeZone }: { availableAt: Date; timeZone: string },
): Promise<string | null> {
  if (nowOf(work) < availableAt) return `Waits for its review, until ${formatInstant(availableAt, timeZone)}.`
  const refunds = await work.tx.refund.findMany({
    where: { orgId: work.orgId, paymentId: id },
    select: { status: true },
  })
  if (refunds.some(({ status }) => status === 'pending_approval')) return 'A refund of this lesson waits for approval.'
  if (refunds.length > 0) return null
  const step = await work.tx.lessonStateHistory.findFirst({
    where: { orgId: work.orgId, bookingId: bookingId!, toStatus: { in: ['cancelled', 'no_show'] } },
    orderBy: { createdAt: 'desc' },
    select: { metadata: true },
  })
  const { refundCents = 0 } = (step?.metadata ?? {}) as { refundCents?: number }
  return refundCents > 0 ? 'What the policy gives back of this lesson is not refunded yet.' : null
}
