import type { BookingStatus } from '@prisma/client'
import { conflict } from '../../core/errors.ts'
import { includedGst } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Booking, lockBooking } from '../bookings/change-status.ts'

const PAYABLE: readonly BookingStatus[] = ['pending_payment', 'confirmed', 'scheduled', 'in_progress', 'completed']

/** Whether somebody can be asked to pay for a lesson as it stands, or the sentence why not. */
export function isPayable({ status, priceCents }: Pick<Booking, 'status' | 'priceCents'>): true | string {
  if (priceCents === 0) return 'This lesson costs nothing.'
  if (status === 'draft' || status === 'requested')
    return 'Hold or confirm the lesson first: its price is not agreed yet.'
  return PAYABLE.includes(status) || 'This lesson does not take place, so there is nothing to pay.'
}

/** The booking, locked, when it can be paid and nobody has. @throws AppError Conflict with what stands against it */
export async function lockPayable(work: UnitOfWork, bookingId: string): Promise<Booking> {
  const booking = await lockBooking(work, bookingId)
  const payable = isPayable(booking)
  if (payable !== true) throw conflict(payable)
  const live = await work.tx.payment.findFirst({
    where: { orgId: work.orgId, bookingId, purpose: 'lesson', status: { notIn: ['failed', 'canceled'] } },
    select: { status: true, method: true },
  })
  if (!live) return booking
  if (live.status === 'refunded')
    throw conflict('What was paid for this lesson has gone back. Book the lesson again to have it paid again.')
  throw conflict(
    live.status === 'intent_created' || live.status === 'requires_action' || live.status === 'processing'
      ? 'A card payment for this lesson is under way. Cancel that payment first, or wait for it.'
      : 'This lesson is paid already.',
  )
}

/** What a payment for a lesson takes from its booking: the whole price, in the parts that were agreed. */
export async function priceOf(work: UnitOfWork, booking: Booking) {
  const { gstRegistered } = await work.tx.org.findFirstOrThrow({
    where: { id: work.orgId },
    select: { gstRegistered: true },
  })
  return {
    orgId: work.orgId,
    bookingId: booking.id,
    studentId: booking.studentId,
    purpose: 'lesson',
    currency: booking.currency,
    amountCents: booking.priceCents,
    gstCents: gstRegistered ? includedGst(booking.priceCents) : 0,
    platformFeeCents: booking.platformFeeCents,
    instructorShareCents: booking.instructorShareCents,
  } as const
}
