import type { PaymentStatus } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { paymentReceived, processorFeeKept } from '../ledger/facts.ts'
import { post } from '../ledger/post.ts'
import { isReceived, lockPayment, type Payment, tellPayment } from './payment.ts'
import { settleBooking } from './settle-booking.ts'

/** A payment intent as Stripe says it is now; never as an event says it was. */
export interface IntentFacts {
  readonly id: string
  readonly status: PaymentStatus
  readonly currency: string
  /** Cents that were really paid. */
  readonly receivedCents: number
  readonly chargeId: string | null
  /** Null while Stripe has not said what it keeps. */
  readonly processorFeeCents: number | null
  /** Why the last card was declined; the payment stays payable. */
  readonly failureCode: string | null
}

/**
 * Brings a payment to where Stripe has it. Told twice, late or in the wrong order it ends in the same place: what was
 * received stays received, and what it leads to happens once.
 * @returns the payment as it is now
 * @throws AppError Conflict when Stripe received something else than was asked for: a person has to look
 */
export async function applyIntent(work: UnitOfWork, paymentId: string, intent: IntentFacts): Promise<Payment> {
  const payment = await lockPayment(work, paymentId)
  if (payment.stripePaymentIntentId !== intent.id)
    throw conflict('This payment has another payment intent at Stripe than the one that was looked up.')
  if (isReceived(payment)) return await noteFee(work, payment, intent)
  if (intent.status === 'succeeded') return await receive(work, payment, intent)
  const isSame = payment.status === intent.status && payment.failureCode === intent.failureCode
  if (isSame || payment.status === 'canceled') return payment
  const changed = await update(work, payment, { status: intent.status, failureCode: intent.failureCode })
  if (intent.status === 'canceled') await tellPayment(work, 'payment.canceled', changed)
  else if (intent.failureCode) await tellPayment(work, 'payment.declined', changed)
  return changed
}

async function receive(work: UnitOfWork, payment: Payment, intent: IntentFacts): Promise<Payment> {
  if (intent.receivedCents !== payment.amountCents || intent.currency !== payment.currency)
    throw conflict(
      `Stripe received ${intent.receivedCents} cents ${intent.currency} where ${payment.amountCents} cents ${payment.currency} were asked for.`,
    )
  const paid = await update(work, payment, {
    status: 'succeeded',
    succeededAt: nowOf(work),
    stripeChargeId: intent.chargeId,
    processorFeeCents: intent.processorFeeCents,
    failureCode: null,
  })
  await post(work, paymentReceived(paid))
  await tellPayment(work, 'payment.succeeded', paid)
  await settleBooking(work, paid)
  return paid
}

/** Stripe often says a moment later what it keeps. */
async function noteFee(work: UnitOfWork, payment: Payment, intent: IntentFacts): Promise<Payment> {
  const fee = intent.processorFeeCents
  if (payment.processorFeeCents !== null || fee === null) return payment
  await post(work, processorFeeKept(payment, fee))
  const where = { id: payment.id, orgId: work.orgId }
  const data = { processorFeeCents: fee, stripeChargeId: payment.stripeChargeId ?? intent.chargeId }
  await work.tx.payment.updateMany({ where, data })
  return { ...payment, ...data }
}

async function update(work: UnitOfWork, payment: Payment, data: Partial<Payment>): Promise<Payment> {
  const version = payment.version + 1
  const where = { id: payment.id, orgId: work.orgId, version: payment.version }
  const { count } = await work.tx.payment.updateMany({ where, data: { ...data, version } })
  if (count === 0) throw conflict('Somebody changed this payment at the same moment. Load it again.')
  return { ...payment, ...data, version }
}
