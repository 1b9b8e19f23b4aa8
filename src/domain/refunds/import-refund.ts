import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import { formatMoney, splitPart } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { isReceived, lockPaymentAlone, type Payment } from '../payments/payment.ts'
import { agreeRefund } from './agree-refund.ts'
import type { RefundFacts } from './apply-refund.ts'
import { type Refund, changeRefund, standingOf, tellRefund } from './refund.ts'
import { settleRefund } from './settle-refund.ts'

const NOTE =
  'Somebody refunded this in the Stripe dashboard, past the rules and approvals here. Look whether it was meant, and by whom.'

/**
 * Takes in a refund that was made past this program: the money has gone, so it is in the books, and a person is asked to
 * look. What was only waiting for an approval gives way to it.
 * @returns null when it has come to nothing at Stripe, or is here already
 * @throws AppError Conflict when nothing is left of the payment for it: something of ours is on its way too
 */
export async function importRefund(work: UnitOfWork, paymentId: string, facts: RefundFacts): Promise<Refund | null> {
  const { orgId, tx } = work
  if (facts.status === 'failed' || facts.status === 'canceled') return null
  const payment = await lockPaymentAlone(work, paymentId)
  if (await tx.refund.findFirst({ where: { orgId, stripeRefundId: facts.id }, select: { id: true } })) return null
  if (!isReceived(payment)) throw conflict('Stripe has refunded a payment that has not arrived here yet.')
  await makeRoom(work, payment, facts.amountCents)
  const { gone } = await standingOf(work, payment)
  const made = await tx.refund.create({
    data: {
      orgId,
      paymentId,
      bookingId: payment.bookingId,
      amountCents: facts.amountCents,
      ...splitPart(facts.amountCents, payment, gone),
      currency: facts.currency,
      status: 'pending',
      reasonCode: 'correction',
      reason: 'Made in the Stripe dashboard',
      isImported: true,
      note: NOTE,
      stripeRefundId: facts.id,
      idempotencyKey: `stripe:${facts.id}`,
      version: 1,
      createdAt: nowOf(work),
    },
  })
  const agreed = await agreeRefund(work, payment, made)
  if (facts.status === 'succeeded') return await settleRefund(work, payment, agreed)
  return facts.status === 'pending' ? agreed : await changeRefund(work, agreed, { status: facts.status })
}

async function makeRoom(work: UnitOfWork, payment: Payment, amountCents: number): Promise<void> {
  const where = { orgId: work.orgId, paymentId: payment.id, status: 'pending_approval' } as const
  const waiting = await work.tx.refund.findMany({ where, orderBy: { createdAt: 'desc' } })
  for (const refund of waiting) {
    if ((await standingOf(work, payment)).leftCents >= amountCents) return
    const note = 'It gave way to a refund that somebody made in the Stripe dashboard meanwhile.'
    await tellRefund(work, 'refund.failed', await changeRefund(work, refund, { status: 'canceled', note }))
  }
  const { leftCents } = await standingOf(work, payment)
  if (leftCents < amountCents)
    throw conflict(
      `Stripe has refunded ${formatMoney(amountCents, payment.currency)} of this payment past this program, and ${formatMoney(leftCents, payment.currency)} is left of it here.`,
    )
}
