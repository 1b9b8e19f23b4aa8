import { formatMoney } from '../../core/money.ts'
import { nowOf } from '../../core/context.ts'
import { AppError } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Booking, changeStatus, lockBooking } from '../bookings/change-status.ts'
import { overriding } from '../override.ts'
import { attempt } from '../savepoint.ts'
import type { Payment } from './payment.ts'

const STILL_FREE = 'Paid after the hold had ended; the slot was still free'

/**
 * What a received payment does to its lesson: it is agreed. When its hold had ended meanwhile the lesson comes back if its
 * slot is still free; a lesson that will not take place has its money asked back for.
 */
export async function settleBooking(work: UnitOfWork, payment: Payment): Promise<void> {
  if (!payment.bookingId || payment.purpose !== 'lesson') return
  const booking = await lockBooking(work, payment.bookingId)
  if (booking.status === 'pending_payment') {
    await changeStatus(work, booking, { to: 'confirmed', reason: 'Paid by card', data: { holdExpiresAt: null } })
    return
  }
  if (booking.status !== 'cancelled') return
  if (isExpiredHold(booking) && booking.startAt > nowOf(work) && (await comesBack(work, booking))) return
  await askBack(work, payment, booking)
}

/** Nobody has called it off: its time to pay was over. */
const isExpiredHold = ({ previousStatus, cancelledAs, cancelledBy }: Booking): boolean =>
  previousStatus === 'pending_payment' && cancelledAs === null && cancelledBy === null

/** @returns false when somebody else has the slot by now */
async function comesBack(work: UnitOfWork, booking: Booking): Promise<boolean> {
  try {
    await attempt(work, async () => {
      const late = await overriding(work, STILL_FREE)
      await changeStatus(late, booking, { to: 'confirmed', reason: STILL_FREE, data: { holdExpiresAt: null } })
    })
    await work.tx.$executeRaw`SELECT set_config('app.override', '', true)`
    return true
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

/** Somebody of the school looks at it and sends it back; nothing of it is kept. */
async function askBack(work: UnitOfWork, payment: Payment, booking: Booking): Promise<void> {
  const { orgId, tx } = work
  const refund = await tx.refund.create({
    data: {
      orgId,
      paymentId: payment.id,
      bookingId: booking.id,
      amountCents: payment.amountCents,
      platformFeeCents: payment.platformFeeCents,
      instructorShareCents: payment.instructorShareCents,
      currency: payment.currency,
      status: 'pending_approval',
      reasonCode: 'correction',
      reason: `${formatMoney(payment.amountCents, payment.currency)} arrived after the lesson was cancelled`,
      idempotencyKey: `late:${payment.id}`,
      createdAt: nowOf(work),
    },
  })
  await emit(work, {
    topic: 'refund.requested',
    of: 'Refund',
    id: refund.id,
    version: 1,
    payload: {
      refundId: refund.id,
      paymentId: payment.id,
      bookingId: booking.id,
      amountCents: refund.amountCents,
      currency: refund.currency,
    },
  })
}
