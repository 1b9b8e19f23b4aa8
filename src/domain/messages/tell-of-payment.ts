import { nowOf } from '../../core/context.ts'
import type { Happened } from '../../core/events.ts'
import { valueLabel } from '../../core/labels.ts'
import { formatMoney } from '../../core/money.ts'
import { formatInstant } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { compose, schoolOf, type Written } from './compose.ts'
import { learnerOf, payersOf } from './people.ts'

/** Gives whoever pays for the learner a receipt. */
export async function tellOfPayment(
  work: UnitOfWork,
  { id: cause, recordId, payload }: Happened<'payment.succeeded'>,
): Promise<Written[]> {
  const { tx, orgId } = work
  const payment = await tx.payment.findFirst({
    where: { id: recordId, orgId },
    select: { gstCents: true, purpose: true, booking: { select: { startAt: true } } },
  })
  const learner = await learnerOf(work, payload.studentId)
  if (!payment || !learner) return []
  const { timeZone } = await schoolOf(work)
  const when = payment.booking ? formatInstant(payment.booking.startAt, timeZone, nowOf(work)) : ''
  return await compose(work, {
    kind: 'payment_receipt',
    cause,
    to: (channel) => payersOf(learner, channel),
    values: {
      student: learner.name,
      when,
      what: when ? `the lesson on ${when}` : valueLabel(payment.purpose).toLowerCase(),
      amount: formatMoney(payload.amountCents, payload.currency),
      gst: formatMoney(payment.gstCents, payload.currency),
      method: valueLabel(payload.method).toLowerCase(),
      reference: recordId.slice(-6),
    },
    about: { model: 'Payment', id: recordId },
    studentId: learner.id,
    ...(payload.bookingId ? { bookingId: payload.bookingId } : {}),
  })
}
