import type { DisputeStatus } from '@prisma/client'
import type Stripe from 'stripe'
import type { DisputeFacts } from '../domain/disputes/apply-dispute.ts'
import { stripe } from '../services/stripe.ts'

/** A dispute as Stripe has it now. */
export async function readDispute(id: string): Promise<DisputeFacts> {
  return factsOf(await stripe().disputes.retrieve(id))
}

export function factsOf(dispute: Stripe.Dispute): DisputeFacts {
  const { id, status, reason, amount, currency, created, evidence_details: details } = dispute
  const lines = dispute.balance_transactions
  const taken = lines.filter((line) => line.amount < 0)
  const back = lines.filter((line) => line.amount > 0)
  const sum = (of: readonly Stripe.BalanceTransaction[], what: 'amount' | 'fee') =>
    of.reduce((cents, line) => cents + line[what], 0)
  const feeBackCents = 0 - sum(back, 'fee')
  return {
    id,
    intentId: idOf(dispute.payment_intent),
    chargeId: idOf(dispute.charge),
    status: statusOf(status),
    reason,
    amountCents: amount,
    currency: currency.toUpperCase(),
    withdrawnCents: 0 - sum(taken, 'amount'),
    reinstatedCents: sum(back, 'amount'),
    feeCents: sum(taken, 'fee') - feeBackCents,
    feeBackCents,
    openedAt: new Date(created * 1000),
    evidenceDueBy: details.due_by ? new Date(details.due_by * 1000) : null,
  }
}

const idOf = (value: string | { id: string } | null | undefined): string | null =>
  typeof value === 'string' ? value : (value?.id ?? null)

const STATUSES: Readonly<Record<string, DisputeStatus>> = {
  warning_needs_response: 'warning',
  warning_under_review: 'under_review',
  warning_closed: 'closed',
  prevented: 'closed',
  needs_response: 'needs_response',
  under_review: 'under_review',
  appeal_needs_response: 'needs_response',
  appeal_under_review: 'under_review',
  won: 'won',
  lost: 'lost',
}

function statusOf(status: string): DisputeStatus {
  const known = STATUSES[status]
  if (!known) throw new Error(`a dispute is ${status}, which this program does not know`)
  return known
}
