import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { isUnderWay, lockPayment, type Payment, tellPayment } from './payment.ts'

/** Whether a payment still waits for its intent; the payment is locked from here on. */
export async function wantsIntent(work: UnitOfWork, paymentId: string): Promise<boolean> {
  const payment = await lockPayment(work, paymentId)
  return payment.method === 'card' && payment.status === 'intent_created' && payment.stripePaymentIntentId === null
}

/**
 * Remembers which intent of Stripe a payment has.
 * @returns whether somebody has to close it again: the lesson was called off meanwhile
 */
export async function attachIntent(work: UnitOfWork, paymentId: string, intentId: string): Promise<boolean> {
  const payment = await lockPayment(work, paymentId)
  if (payment.stripePaymentIntentId && payment.stripePaymentIntentId !== intentId)
    throw conflict('This payment has another payment intent already.')
  await work.tx.payment.updateMany({
    where: { id: paymentId, orgId: work.orgId },
    data: { stripePaymentIntentId: intentId },
  })
  return await isCalledOff(work, payment)
}

/** Stripe will not take it, for example because the amount is too small. */
export async function failPayment(work: UnitOfWork, paymentId: string, failureCode: string): Promise<void> {
  const payment = await lockPayment(work, paymentId)
  if (!isUnderWay(payment)) return
  const data = { status: 'failed', failureCode, version: payment.version + 1 } as const
  await work.tx.payment.updateMany({ where: { id: paymentId, orgId: work.orgId }, data })
}

/** A payment for which Stripe was never asked ends here. @returns whether it did */
export async function dropUnopened(work: UnitOfWork, paymentId: string): Promise<boolean> {
  const payment = await lockPayment(work, paymentId)
  if (payment.stripePaymentIntentId || !isUnderWay(payment)) return false
  const where = { orgId: work.orgId, refId: paymentId, status: { in: ['pending' as const, 'unknown' as const] } }
  if ((await work.tx.stripeCall.count({ where })) > 0) return false
  const data = { status: 'canceled', version: payment.version + 1 } as const
  await work.tx.payment.updateMany({ where: { id: paymentId, orgId: work.orgId }, data })
  await tellPayment(work, 'payment.canceled', { ...payment, ...data })
  return true
}

/** A fee that is due for a lesson can be paid also when the lesson does not take place. */
async function isCalledOff(work: UnitOfWork, { bookingId, purpose }: Payment): Promise<boolean> {
  if (!bookingId || purpose !== 'lesson') return false
  const where = { id: bookingId, orgId: work.orgId }
  return (await work.tx.booking.findFirst({ where, select: { status: true } }))?.status === 'cancelled'
}
