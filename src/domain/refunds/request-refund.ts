import type { PaymentMethod, Prisma, RefundMethod, RefundReason, RefundStatus } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import { conflict, invalid } from '../../core/errors.ts'
import { formatMoney, splitPart } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { isReceived, lockPaymentAlone, type Payment } from '../payments/payment.ts'
import { agreeRefund } from './agree-refund.ts'
import { disputeAgainst } from './dispute-against.ts'
import { type Refund, standingOf, tellRefund } from './refund.ts'

export interface RefundRequest {
  readonly paymentId: string
  /** Cents of the payment's currency; all that is left when nothing is said. */
  readonly amountCents?: number | undefined
  readonly reasonCode: RefundReason
  readonly reason: string
  /** Default: the way it came. What was paid by credit goes back to the credit. */
  readonly method?: RefundMethod
  /** The cancellation tier as it stood. */
  readonly policySnapshot?: Prisma.InputJsonObject
  /** Goes beyond the policy, so that another person decides, however small it is. */
  readonly isOverride?: boolean
  /** Nobody asks for it, it is due: while a bank decides about the payment it waits for a person, and is not refused. */
  readonly isDue?: boolean
  /** Same key, same refund. */
  readonly key: string
}

/**
 * Asks for money to go back. Up to the school's limit it is agreed to at once and on its way; above, or beyond the policy,
 * it waits for another person. It is never more than what is left of the payment.
 * @returns the refund; the earlier one when this key has made one already
 * @throws AppError Conflict when nothing was paid or the bank is deciding about it, Invalid with what is left
 */
export async function requestRefund(work: UnitOfWork, request: RefundRequest): Promise<Refund> {
  const { orgId, tx } = work
  const payment = await lockPaymentAlone(work, request.paymentId)
  const earlier = await tx.refund.findFirst({ where: { orgId, idempotencyKey: request.key } })
  if (earlier) return earlier
  if (!isReceived(payment)) throw conflict('This payment has not arrived, so there is nothing to refund.')
  const dispute = await disputeAgainst(work, payment)
  if (dispute && !request.isDue) throw conflict(dispute)
  const { gone, leftCents } = await standingOf(work, payment)
  const amountCents = request.amountCents ?? leftCents
  requireWithin(payment, amountCents, leftCents)
  const method = payment.method === 'credit' ? 'credit' : (request.method ?? 'original')
  const isOverride = request.isOverride ?? false
  const waits = isOverride || dispute !== null || amountCents > (await limitOf(work))
  const refund = await tx.refund.create({
    data: {
      orgId,
      paymentId: payment.id,
      bookingId: payment.bookingId,
      amountCents,
      ...splitPart(amountCents, payment, gone),
      currency: payment.currency,
      method,
      ...(waits ? { status: 'pending_approval' } : onceAgreed(payment, method)),
      reasonCode: request.reasonCode,
      reason: request.reason,
      ...(request.policySnapshot ? { policySnapshot: request.policySnapshot } : {}),
      isOverride,
      requestedById: work.userId,
      idempotencyKey: request.key,
      version: 1,
      createdAt: nowOf(work),
    },
  })
  if (!waits) return await agreeRefund(work, payment, refund)
  await tellRefund(work, 'refund.requested', refund)
  return refund
}

const BY_HAND: Partial<Record<PaymentMethod, string>> = {
  cash: 'Give it back in cash, and record that here.',
  bank_transfer: 'Send it by bank transfer, and record that here.',
}

/** The worker tells Stripe; what came as cash or by a bank waits until somebody has handed it back. */
export function onceAgreed(
  { method }: Pick<Payment, 'method'>,
  way: RefundMethod,
): { status: RefundStatus; note: string | null } {
  if (way === 'credit') return { status: 'pending', note: null }
  return { status: method === 'card' ? 'submitting' : 'pending', note: BY_HAND[method] ?? null }
}

function requireWithin({ amountCents, currency }: Payment, wanted: number, leftCents: number): void {
  const money = (cents: number) => formatMoney(cents, currency)
  if (!Number.isSafeInteger(wanted)) throw invalid('The amount is a whole number of cents.', 'amountCents')
  if (leftCents === 0) throw conflict(`All of the ${money(amountCents)} is refunded already, or waits to be.`)
  if (wanted <= 0) throw invalid('The amount to refund must be above zero.', 'amountCents')
  if (wanted <= leftCents) return
  throw invalid(
    leftCents === amountCents
      ? `${money(wanted)} is more than the ${money(amountCents)} that was paid.`
      : `${money(wanted)} is more than is left: of the ${money(amountCents)} that was paid, ${money(amountCents - leftCents)} is refunded already or waits to be, so ${money(leftCents)} is left.`,
    'amountCents',
  )
}

/** Above so many cents a second person decides. */
export async function limitOf({ tx, orgId }: UnitOfWork): Promise<number> {
  const settings = await tx.orgSettings.findFirst({ where: { orgId }, select: { refundApprovalOverCents: true } })
  return settings?.refundApprovalOverCents ?? 10_000
}
