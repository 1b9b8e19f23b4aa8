import type { Scalars } from '../core/declaration.ts'
import { closeDispute, openDispute } from '../services/stripe-simulator/disputes.ts'
import type { Simulator } from '../services/stripe-simulator/server.ts'

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** Lets the simulator know a dispute of the demo, as far as it has come, so that it can be answered there. */
export function adoptDispute({ state, call }: Simulator, chargeId: string, dispute: Scalars<'Dispute'>): void {
  const { stripeDisputeId: id, amountCents: amount, reason, status, openedAt, evidenceDueBy } = dispute
  state.expect('dispute', id)
  const opened = openDispute(call(), state.find('charge', chargeId)!, { amount, reason })
  const details = { ...opened.evidence_details, due_by: evidenceDueBy && seconds(evidenceDueBy) }
  state.put('dispute', {
    ...opened,
    created: seconds(openedAt),
    evidence_details: dispute.answeredAt ? { ...details, has_evidence: true, submission_count: 1 } : details,
    status: dispute.answeredAt ? 'under_review' : 'needs_response',
  })
  if (status === 'won' || status === 'lost') closeDispute(call(), id, status)
}

interface Told {
  readonly stripeChargeId: string | null
  readonly succeededAt: Date | null
  readonly refunds: readonly { readonly stripeRefundId: string | null; readonly updatedAt: Date }[]
  readonly payouts: readonly {
    readonly stripeTransferId: string | null
    readonly paidAt: Date | null
    readonly transferReversals: readonly { readonly stripeReversalId: string | null; readonly updatedAt: Date }[]
  }[]
  readonly disputes: readonly Scalars<'Dispute'>[]
}

/** Dates the lines of the balance as the demo's books do: so that both agree day by day. */
export function dateLines({ state }: Simulator, payments: readonly Told[]): void {
  const dates = new Map<string | null, { readonly out: Date | null; readonly back?: Date | null }>()
  for (const { stripeChargeId, succeededAt, refunds, payouts, disputes } of payments) {
    dates.set(stripeChargeId, { out: succeededAt })
    for (const { stripeRefundId, updatedAt } of refunds) dates.set(stripeRefundId, { out: updatedAt })
    for (const { stripeDisputeId, openedAt, closedAt } of disputes)
      dates.set(stripeDisputeId, { out: openedAt, back: closedAt })
    for (const { stripeTransferId, paidAt, transferReversals } of payouts) {
      dates.set(stripeTransferId, { out: paidAt })
      for (const { stripeReversalId, updatedAt } of transferReversals) dates.set(stripeReversalId, { out: updatedAt })
    }
  }
  for (const line of state.all('balance_transaction')) {
    const date = dates.get(String(line.source))
    const at = line.amount > 0 && date?.back ? date.back : date?.out
    if (at) state.put('balance_transaction', { ...line, created: seconds(at) })
  }
}
