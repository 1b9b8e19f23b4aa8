import type { DisputeStatus } from '@prisma/client'
import { formatInstant } from '../../src/core/time.ts'
import type { Earned } from './earnings.ts'
import { post } from './ledger.ts'
import { addReversal } from './reversals.ts'
import type { Row } from './rows.ts'
import { hoursAfter, type School } from './school.ts'

export interface Chargeback {
  readonly status: DisputeStatus
  readonly reason: string
  readonly openedAt: Date
  readonly closedAt: Date | null
}

const DISPUTE_FEE_CENTS = 2500

/** What the school said, three days after the bank had asked. */
function answered(school: School, { paid }: Earned, openedAt: Date): Partial<Row<'Dispute'>> {
  const { slot, instructor } = paid.booked
  return {
    evidence: {
      uncategorized_text: 'The learner took this lesson: see the history, the trip and our messages.',
      product_description: `Driving lesson of ${slot.minutes} minutes with ${instructor.plan.name}`,
      service_date: formatInstant(slot.start.toJSDate(), school.plan.zone),
    },
    answer: 'evidence',
    answeredAt: hoursAfter(openedAt, 3 * 24),
  }
}

/** A chargeback: the bank takes the money at once, and gives it back when the school wins. */
export function addDispute(school: School, earned: Earned, { status, reason, openedAt, closedAt }: Chargeback): void {
  const { paid } = earned
  const id = school.newId(`dispute/${paid.id}`, openedAt)
  school.rows.add('Dispute', {
    id,
    orgId: school.id,
    paymentId: paid.id,
    stripeDisputeId: school.stripeId('dp', id),
    status,
    amountCents: paid.amountCents,
    feeCents: DISPUTE_FEE_CENTS,
    currency: 'AUD',
    reason,
    ...(status === 'needs_response' ? {} : answered(school, earned, openedAt)),
    evidenceDueBy: hoursAfter(openedAt, 8 * 24),
    version: closedAt ? 3 : 1,
    openedAt,
    closedAt,
    createdAt: openedAt,
    updatedAt: closedAt ?? openedAt,
  })
  const about = { model: 'Dispute' as const, id, bookingId: paid.booked.id }
  const amount = paid.amountCents
  post(school, {
    kind: 'dispute.opened',
    about,
    at: openedAt,
    lines: [
      { account: 'disputes', cents: amount },
      { account: 'processor_fees', cents: DISPUTE_FEE_CENTS },
      { account: 'stripe_balance', cents: -amount - DISPUTE_FEE_CENTS },
    ],
  })
  if (!closedAt) return
  const { platformFeeCents, instructorShareCents } = paid.row
  const outcome =
    status === 'won'
      ? [{ account: 'stripe_balance' as const, cents: amount }]
      : [
          { account: 'platform_fee' as const, cents: platformFeeCents },
          {
            account: 'instructor_payable' as const,
            cents: instructorShareCents,
            instructorId: paid.booked.instructor.id,
          },
        ]
  post(school, {
    kind: `dispute.${status}`,
    about,
    at: closedAt,
    lines: [...outcome, { account: 'disputes', cents: -amount }],
  })
  if (status === 'lost')
    addReversal(school, earned, { cause: { disputeId: id }, refundedCents: amount, at: hoursAfter(closedAt, 2) })
}
