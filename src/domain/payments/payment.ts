import { lockRow } from '../../core/lock-row.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Scalars } from '../../core/declaration.ts'
import { notFound } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'

export type Payment = Scalars<'Payment'>

/** A payment that may still bring money: it has begun, and is neither paid nor over. */
export const UNDER_WAY = ['intent_created', 'requires_action', 'processing'] as const
/** Due beside the price of a lesson. */
export const FEES = ['reschedule_fee', 'cancellation_fee'] as const
/** Money came in. */
export const RECEIVED = ['succeeded', 'partially_refunded', 'refunded'] as const

export const isUnderWay = ({ status }: Pick<Payment, 'status'>): boolean => UNDER_WAY.some((one) => one === status)
export const isReceived = ({ status }: Pick<Payment, 'status'>): boolean => RECEIVED.some((one) => one === status)

/**
 * The payment and its booking, locked until the end of the transaction; always the booking first, as those do who come from
 * it. @throws AppError NotFound
 */
export async function lockPayment(work: UnitOfWork, id: string): Promise<Payment> {
  await work.tx.$queryRaw`SELECT 1 FROM "Booking" b WHERE b."orgId" = ${work.orgId}::uuid AND b.id =
    (SELECT p."bookingId" FROM "Payment" p WHERE p.id = ${id}::uuid AND p."orgId" = ${work.orgId}::uuid) FOR UPDATE`
  return await lockPaymentAlone(work, id)
}

/** The payment, locked, for what leaves its booking as it is: refunds. @throws AppError NotFound */
export async function lockPaymentAlone(work: UnitOfWork, id: string): Promise<Payment> {
  await lockRow(work, 'Payment', id)
  const payment = await work.tx.payment.findFirst({ where: { id, orgId: work.orgId } })
  if (!payment) throw notFound('There is no such payment in your school.')
  return payment
}

type PaymentTopic = 'payment.requested' | 'payment.succeeded' | 'payment.declined' | 'payment.canceled'

/** The event of a change, with the payment as it is now. */
export const tellPayment = (work: UnitOfWork, topic: PaymentTopic, payment: Payment): Promise<void> =>
  emit(work, {
    topic,
    of: 'Payment',
    id: payment.id,
    version: payment.version,
    payload: {
      paymentId: payment.id,
      bookingId: payment.bookingId,
      studentId: payment.studentId,
      method: payment.method,
      amountCents: payment.amountCents,
      currency: payment.currency,
    },
  })
