import type { Earned } from './earnings.ts'
import { addDispute, type Chargeback } from './disputes.ts'
import { addRefund, type Request } from './refunds.ts'
import { addReversal } from './reversals.ts'
import { hoursAfter, type School } from './school.ts'
import type { Minutes } from './schedule.ts'
import type { Staff } from './team.ts'

type Kind =
  | 'two_partials'
  | 'full'
  | 'large'
  | 'waiting'
  | 'failed'
  | 'rejected'
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost'

interface Case {
  readonly kind: Kind
  /** The week in which the lesson was given. */
  readonly week: number
  readonly minutes: Minutes
}

const plans: Readonly<Record<string, readonly Case[]>> = {
  'harbour-city': [
    { kind: 'two_partials', week: -6, minutes: 60 },
    { kind: 'full', week: -8, minutes: 60 },
    { kind: 'large', week: -5, minutes: 90 },
    { kind: 'waiting', week: -1, minutes: 90 },
    { kind: 'failed', week: -3, minutes: 60 },
    { kind: 'rejected', week: -2, minutes: 90 },
    { kind: 'needs_response', week: -1, minutes: 60 },
    { kind: 'won', week: -10, minutes: 60 },
    { kind: 'lost', week: -11, minutes: 90 },
  ],
  'river-city': [
    { kind: 'two_partials', week: -5, minutes: 60 },
    { kind: 'waiting', week: -1, minutes: 90 },
    { kind: 'under_review', week: -4, minutes: 60 },
  ],
  torrens: [
    { kind: 'two_partials', week: -4, minutes: 60 },
    { kind: 'waiting', week: -2, minutes: 90 },
  ],
}

export interface Chosen {
  readonly kind: Kind
  readonly earned: Earned
}

/** The lessons about whose money there was, or is, something to be done. Those still open are held back from payout. */
export function chooseCases(school: School, earned: readonly Earned[]): Chosen[] {
  const used = new Set<Earned>()
  return (plans[school.plan.slug] ?? []).map(({ kind, week, minutes }) => {
    const one = earned.find((candidate) => fits(candidate, week, minutes) && !used.has(candidate))
    if (!one) throw new Error(`the demo has no lesson for the case ${kind} in week ${week} of ${school.plan.slug}`)
    used.add(one)
    const hold = holds[kind]
    if (hold) Object.assign(one.row, { status: 'held', holdReason: hold })
    return { kind, earned: one }
  })
}

const fits = ({ paid, row, week: of }: Earned, week: number, minutes: Minutes): boolean =>
  of === week &&
  paid.booked.slot.minutes === minutes &&
  paid.booked.method === 'card' &&
  row.kind === 'lesson' &&
  row.status === 'pending'

const holds: Partial<Record<Kind, string>> = {
  needs_response: 'The payment is disputed by the learner’s bank',
  waiting: 'A refund of the payment waits for approval',
}

/** What happened with the money of the chosen lessons after they were paid out. */
export function addCases(school: School, cases: readonly Chosen[], staff: Staff): void {
  for (const { kind, earned } of cases) {
    for (const request of requests(school, { kind, earned }, staff)) {
      const refund = addRefund(school, earned.paid, { ...request, earned: true })
      if (refund.status === 'succeeded') {
        const total = earned.paid.row.refundedCents ?? 0
        addReversal(school, earned, {
          cause: { refundId: refund.id! },
          refundedCents: total,
          at: hoursAfter(refund.updatedAt as Date, 1),
        })
      }
    }
    const chargeback = chargebacks(school)[kind]
    if (chargeback) addDispute(school, earned, chargeback)
  }
}

function requests(school: School, { kind, earned }: Chosen, staff: Staff): Request[] {
  const weeksAfter = (weeks: number, hours: number): Date =>
    school.monday.plus({ weeks: earned.week + weeks, hours }).toJSDate()
  const by = { requestedById: staff.manager }
  const whole = earned.paid.amountCents
  switch (kind) {
    case 'two_partials':
      return [
        { cents: 2000, at: weeksAfter(2, 34), reasonCode: 'goodwill', reason: 'Started 15 minutes late', ...by },
        {
          cents: 1500,
          at: weeksAfter(3, 59),
          reasonCode: 'goodwill',
          reason: 'Booking fee of the test was lost too',
          ...by,
        },
      ]
    case 'full':
      return [
        {
          cents: whole,
          at: weeksAfter(2, 38),
          reasonCode: 'correction',
          reason: 'Lesson given twice by mistake',
          ...by,
        },
      ]
    case 'large':
      return [
        {
          cents: whole,
          at: weeksAfter(2, 35),
          reasonCode: 'goodwill',
          reason: 'Air conditioning failed in the heat',
          isOverride: true,
          ...by,
        },
      ]
    case 'waiting':
      return [
        {
          cents: whole,
          at: school.minutesAgo(300),
          end: 'pending_approval',
          reasonCode: 'goodwill',
          reason: 'Complaint: lesson broken off early',
          isOverride: true,
          ...by,
        },
      ]
    case 'failed':
      return [
        {
          cents: 3000,
          at: school.minutesAgo(3 * 24 * 60),
          end: 'failed',
          reasonCode: 'goodwill',
          reason: 'Late pick-up',
          ...by,
        },
      ]
    case 'rejected':
      return [
        {
          cents: whole,
          at: school.minutesAgo(4 * 24 * 60),
          end: 'rejected',
          reasonCode: 'goodwill',
          reason: 'Did not like the route',
          isOverride: true,
          ...by,
        },
      ]
    default:
      return []
  }
}

function chargebacks(school: School): Partial<Record<Kind, Chargeback>> {
  const week = (weeks: number, hours: number): Date => school.monday.plus({ weeks, hours }).toJSDate()
  return {
    needs_response: {
      status: 'needs_response',
      reason: 'product_not_received',
      openedAt: school.minutesAgo(2 * 24 * 60 - 90),
      closedAt: null,
    },
    under_review: { status: 'under_review', reason: 'credit_not_processed', openedAt: week(-2, 31), closedAt: null },
    won: { status: 'won', reason: 'fraudulent', openedAt: week(-8, 33), closedAt: week(-4, 40) },
    lost: { status: 'lost', reason: 'unrecognized', openedAt: week(-9, 29), closedAt: week(-5, 44) },
  }
}
