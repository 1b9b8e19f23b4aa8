import type { DisputeStatus } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { lockPaymentAlone, type Payment } from '../payments/payment.ts'
import { holdForDispute } from '../payouts/hold-for-dispute.ts'
import { releaseAfterDispute } from '../payouts/release-after-dispute.ts'
import { changeDispute, type Dispute, isUndecided, tellDispute } from './dispute.ts'
import { postDispute } from './post-dispute.ts'

/** A dispute as Stripe says it is now; never as an event says it was. */
export interface DisputeFacts {
  readonly id: string
  /** The payment intent and the charge that it is about. */
  readonly intentId: string | null
  readonly chargeId: string | null
  readonly status: DisputeStatus
  readonly reason: string
  readonly amountCents: number
  readonly currency: string
  /** Cents that the bank has taken until it decides; 0 while it only asks. */
  readonly withdrawnCents: number
  /** Cents that it has given back. */
  readonly reinstatedCents: number
  /** Cents that it charges for asking, less what it gave back of that. */
  readonly feeCents: number
  readonly feeBackCents: number
  readonly openedAt: Date
  readonly evidenceDueBy: Date | null
}

/**
 * Brings a dispute to where Stripe has it, also one that nobody here knew of. Told twice, late or in the wrong order it ends
 * in the same place: the books are written once, the instructor's payout is held as long as the bank decides.
 * @returns the dispute as it is now
 * @throws AppError Conflict when Stripe's dispute is about another payment: a person has to look
 */
export async function applyDispute(work: UnitOfWork, paymentId: string, facts: DisputeFacts): Promise<Dispute> {
  const payment = await lockPaymentAlone(work, paymentId)
  requireSame(payment, facts)
  const known = await work.tx.dispute.findFirst({ where: { orgId: work.orgId, stripeDisputeId: facts.id } })
  const dispute = known ? await bringUp(work, payment, { known, facts }) : await begin(work, payment, facts)
  await postDispute(work, { payment, dispute, facts })
  return dispute
}

function requireSame(payment: Payment, { intentId, chargeId, currency }: DisputeFacts): void {
  const same =
    (intentId !== null && payment.stripePaymentIntentId === intentId) ||
    (chargeId !== null && payment.stripeChargeId === chargeId)
  if (!same) throw conflict('At Stripe this dispute is about another payment than the one that it was looked up by.')
  if (payment.currency !== currency)
    throw conflict(`The bank disputes ${currency}, and the payment was in ${payment.currency}.`)
}

async function begin(work: UnitOfWork, payment: Payment, facts: DisputeFacts): Promise<Dispute> {
  const { status, reason, amountCents, feeCents, currency, evidenceDueBy, openedAt } = facts
  const undecided = isUndecided(facts)
  const dispute = await work.tx.dispute.create({
    data: {
      orgId: work.orgId,
      paymentId: payment.id,
      stripeDisputeId: facts.id,
      status,
      reason,
      amountCents,
      feeCents,
      currency,
      evidenceDueBy,
      openedAt,
      closedAt: undecided ? null : nowOf(work),
      version: 1,
      createdAt: nowOf(work),
    },
  })
  await holdForDispute(work, dispute)
  await tellDispute(work, 'dispute.opened', dispute, payment.bookingId)
  return undecided ? dispute : await close(work, payment, await changeDispute(work, dispute, {}))
}

interface Both {
  readonly known: Dispute
  readonly facts: DisputeFacts
}

async function bringUp(work: UnitOfWork, payment: Payment, { known, facts }: Both): Promise<Dispute> {
  // a question that had ended, and now the bank has taken the money all the same
  const returns = known.status === 'closed' && facts.withdrawnCents > 0
  // a late answer of Stripe, and nothing that the bank has decided changes any more
  if (!isUndecided(known) && !returns) return requireDecided(known, facts)
  const { status, reason, amountCents, feeCents, evidenceDueBy } = facts
  const closes = !isUndecided(facts)
  const same =
    known.status === status &&
    known.reason === reason &&
    known.amountCents === amountCents &&
    known.feeCents === feeCents &&
    known.evidenceDueBy?.getTime() === evidenceDueBy?.getTime()
  if (same) return known
  const changed = await changeDispute(work, known, {
    status,
    reason,
    amountCents,
    feeCents,
    evidenceDueBy,
    closedAt: closes ? nowOf(work) : null,
  })
  if (closes) return await close(work, payment, changed)
  // a question that became a dispute: a payout that was made or freed meanwhile is held as well
  if (returns || (known.status === 'warning' && status !== 'warning')) await holdForDispute(work, changed)
  return changed
}

function requireDecided(known: Dispute, { status }: DisputeFacts): Dispute {
  if (status === known.status || isUndecided({ status }) || known.status === 'closed') return known
  throw conflict(`The bank has decided this dispute twice: it was ${known.status}, and now it is ${status}.`)
}

async function close(work: UnitOfWork, payment: Payment, dispute: Dispute): Promise<Dispute> {
  await releaseAfterDispute(work, dispute, dispute.status === 'lost' ? 'lost' : 'won')
  await tellDispute(work, 'dispute.closed', dispute, payment.bookingId)
  return dispute
}
