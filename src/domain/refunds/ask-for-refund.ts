import type { RefundMethod, RefundReason } from '@prisma/client'
import { conflict, invalid } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPaymentAlone, RECEIVED } from '../payments/payment.ts'
import { goesBeyondPolicy } from './beyond-policy.ts'
import type { Refund } from './refund.ts'
import { requestRefund } from './request-refund.ts'

export interface Wish {
  /** Cents; all that is left when nothing is said. */
  readonly amountCents?: number | undefined
  readonly reasonCode: RefundReason
  readonly reason: string
  readonly method?: RefundMethod
  readonly key: string
}

/** Somebody of the school wants a payment to be refunded. @throws AppError with what stands against it */
export async function askForRefund(work: UnitOfWork, paymentId: string, { key, ...wish }: Wish): Promise<Refund> {
  const payment = await lockPaymentAlone(work, paymentId)
  await requireOwnCurrency(work, payment.currency)
  if (payment.purpose === 'package' && wish.method === 'credit')
    throw invalid('A package is credit already. Give it back the way it was paid.', 'method')
  const isOverride = await goesBeyondPolicy(work, payment, wish.amountCents)
  return await requestRefund(work, { paymentId, ...wish, isOverride, key: `refund:${key}` })
}

/** The payment that a lesson was paid with. @throws AppError Conflict when nobody has paid for it */
export async function paidFor({ tx, orgId }: UnitOfWork, bookingId: string): Promise<{ readonly id: string }> {
  const payment = await tx.payment.findFirst({
    where: { orgId, bookingId, purpose: 'lesson', status: { in: [...RECEIVED] } },
    select: { id: true },
  })
  if (!payment) throw conflict('Nobody has paid for this lesson, so there is nothing to refund.')
  return payment
}

/** What is typed is an amount in the school's currency. */
async function requireOwnCurrency({ tx, orgId }: UnitOfWork, currency: string): Promise<void> {
  const org = await tx.org.findFirstOrThrow({ where: { id: orgId }, select: { currency: true } })
  if (org.currency !== currency)
    throw conflict(
      `This payment was made in ${currency}, and amounts here are in ${org.currency}. Refund it in the Stripe dashboard: it is taken in from there.`,
    )
}
