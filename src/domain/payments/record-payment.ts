import type { PaymentMethod } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { confirmBooking } from '../bookings/confirm-booking.ts'
import { paymentReceived } from '../ledger/facts.ts'
import { post } from '../ledger/post.ts'
import { lockPayable, priceOf } from './payable-booking.ts'
import { type Payment, tellPayment } from './payment.ts'

const HOW = { cash: 'Paid in cash', bank_transfer: 'Paid by bank transfer' } as const

/**
 * Somebody of the school has the money in hand, or on the bank statement: the lesson is paid, and agreed if it was waiting.
 * @throws AppError Conflict when it is paid, being paid, or cannot be
 */
export async function recordPayment(
  work: UnitOfWork,
  bookingId: string,
  method: Extract<PaymentMethod, 'cash' | 'bank_transfer'>,
): Promise<Payment> {
  const booking = await lockPayable(work, bookingId)
  const now = nowOf(work)
  const payment = await work.tx.payment.create({
    data: {
      ...(await priceOf(work, booking)),
      method,
      status: 'succeeded',
      succeededAt: now,
      version: 1,
      createdAt: now,
    },
  })
  await post(work, paymentReceived(payment))
  await tellPayment(work, 'payment.succeeded', payment)
  if (booking.status === 'pending_payment') await confirmBooking(work, bookingId, HOW[method])
  return payment
}
