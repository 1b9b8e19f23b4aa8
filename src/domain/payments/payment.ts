import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Scalars } from '../../core/declaration.ts'
import { notFound } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'

export type Payment = Scalars<'Payment'>

/** A payment that may still bring money: it has begun, and is neither paid nor over. */
export const UNDER_WAY = ['intent_created', 'requires_action', 'processing'] as const
/** Money came in. */
export const RECEIVED = ['succeeded', 'partially_refunded', 'refunded'] as const

export const isUnderWay = ({ status }: Pick<Payment, 'status'>): boolean => UNDER_WAY.some((one) => one === status)
export const isReceived = ({ status }: Pick<Payment, 'status'>): boolean => RECEIVED.some((one) => one === status)

/** The payment, locked until the end of the transaction; always before its booking. @throws AppError NotFound */
export async function lockPayment(work: UnitOfWork, id: string): Promise<Payment> {
  await work.tx.$queryRaw`SELECT 1 FROM "Payment" WHERE id = ${id}::uuid AND "orgId" = ${work.orgId}::uuid FOR UPDATE`
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
