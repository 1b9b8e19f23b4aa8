import { formatMoney } from '../../core/money.ts'
import { nowOf } from '../../core/context.ts'
import { AppError } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Booking, changeStatus, lockBooking } from '../bookings/change-status.ts'
import { overriding } from '../override.ts'
import { requestRefund } from '../refunds/request-refund.ts'
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
  await askBack(work, payment)
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

/** It goes back, or waits for its approval above the school's limit; nothing of it is kept. */
async function askBack(work: UnitOfWork, payment: Payment): Promise<void> {
  await requestRefund(work, {
    paymentId: payment.id,
    reasonCode: 'correction',
    reason: `${formatMoney(payment.amountCents, payment.currency)} arrived after the lesson was cancelled`,
    isDue: true,
    key: `late:${payment.id}`,
  })
}
