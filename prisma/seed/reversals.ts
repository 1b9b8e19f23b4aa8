import type { Earned } from './earnings.ts'
import { post } from './ledger.ts'
import type { School } from './school.ts'

export interface Reversal {
  readonly cause: { readonly refundId: string } | { readonly disputeId: string }
  /** Cents of the payment that went back so far, this time included. */
  readonly refundedCents: number
  readonly at: Date
}

/** Takes the instructor's part of a refund back out of a transfer that was made. Counted from the start: parts would drift. */
export function addReversal(school: School, { paid, row }: Earned, { cause, refundedCents, at }: Reversal): void {
  if (!row.stripeTransferId) return
  const reversed = row.reversedCents ?? 0
  const cents = Math.round((row.amountCents * refundedCents) / paid.amountCents) - reversed
  const id = school.newId(`reversal/${row.id}/${reversed}`, at)
  school.rows.add('TransferReversal', {
    id,
    orgId: school.id,
    payoutId: row.id!,
    refundId: 'refundId' in cause ? cause.refundId : null,
    disputeId: 'disputeId' in cause ? cause.disputeId : null,
    amountCents: cents,
    status: 'succeeded',
    stripeReversalId: school.stripeId('trr', id),
    idempotencyKey: `df:${school.id}:reversal:${id}:a1`,
    createdAt: at,
    updatedAt: at,
  })
  row.reversedCents = reversed + cents
  row.status = row.reversedCents === row.amountCents ? 'reversed' : 'partially_reversed'
  row.updatedAt = at
  post(school, {
    kind: 'payout.reversed',
    about: { model: 'TransferReversal', id, bookingId: paid.booked.id },
    at,
    lines: [
      { account: 'stripe_balance', cents },
      { account: 'instructor_payable', cents: -cents, instructorId: row.instructorId },
    ],
  })
}
