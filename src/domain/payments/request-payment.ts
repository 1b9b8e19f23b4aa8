import { randomBytes } from 'node:crypto'
import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPayable, priceOf } from './payable-booking.ts'
import { type Payment, tellPayment } from './payment.ts'

/**
 * Asks for a lesson's price by card: the payment is there, and a page on which it can be paid. Stripe is told afterwards.
 * @throws AppError Conflict when it is paid, being paid, or cannot be
 */
export async function requestPayment(work: UnitOfWork, bookingId: string): Promise<Payment> {
  const booking = await lockPayable(work, bookingId)
  const payment = await work.tx.payment.create({
    data: {
      ...(await priceOf(work, booking)),
      method: 'card',
      status: 'intent_created',
      payToken: randomBytes(24).toString('base64url'),
      version: 1,
      createdAt: nowOf(work),
    },
  })
  await tellPayment(work, 'payment.requested', payment)
  return payment
}
