import { nowOf } from '../../core/context.ts'
import type { Happened } from '../../core/events.ts'
import { valueLabel } from '../../core/labels.ts'
import { formatMoney } from '../../core/money.ts'
import { formatInstant } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { compose, schoolOf, type Written } from './compose.ts'
import { learnerOf, payersOf } from './people.ts'

/** Tells whoever pays for the learner that money has gone back. What came to nothing meanwhile is not told. */
export async function tellOfRefund(
  work: UnitOfWork,
  { id: cause, recordId, payload }: Happened<'refund.succeeded'>,
): Promise<Written[]> {
  const { tx, orgId } = work
  const refund = await tx.refund.findFirst({
    where: { id: recordId, orgId, status: 'succeeded' },
    select: {
      reason: true,
      booking: { select: { startAt: true } },
      payment: { select: { studentId: true, purpose: true } },
    },
  })
  const learner = refund && (await learnerOf(work, refund.payment.studentId))
  if (!learner) return []
  const { timeZone } = await schoolOf(work)
  const when = refund.booking ? formatInstant(refund.booking.startAt, timeZone, nowOf(work)) : ''
  return await compose(work, {
    kind: 'refund_issued',
    cause,
    to: (channel) => payersOf(learner, channel),
    values: {
      student: learner.name,
      when,
      what: when ? `the lesson on ${when}` : valueLabel(refund.payment.purpose).toLowerCase(),
      amount: formatMoney(payload.amountCents, payload.currency),
      reason: refund.reason,
      reference: recordId.slice(-6),
    },
    about: { model: 'Refund', id: recordId },
    studentId: learner.id,
    ...(payload.bookingId ? { bookingId: payload.bookingId } : {}),
  })
}
