import type { Earned } from './earnings.ts'
import { addDispute, type Chargeback } from './disputes.ts'
import { addRefund, type Request } from './refunds.ts'
import { addReversal } from './reversals.ts'
import type { Row } from './rows.ts'
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
    if (hold) Object.assign(one.row, { status: 'held', ...hold })
    return { kind, earned: one }
  })
}

const fits = ({ paid, row, week: of }: Earned, week: number, minutes: Minutes): boolean =>
  of === week &&
  paid.booked.slot.minutes === minutes &&
  paid.booked.method === 'card' &&
  row.kind === 'lesson' &&
  row.status === 'pending' &&
  paid.booked.instructor.plan.onboarded !== false

const holds: Partial<Record<Kind, Pick<Row<'Payout'>, 'holdKind' | 'holdReason'>>> = {
  needs_response: { holdKind: 'dispute', holdReason: 'The learner’s bank disputes the payment.' },
  waiting: { holdKind: 'person', holdReason: 'The learner asks for the money back: wait until that is decided.' },
}

/** What happened with the money of the chosen lessons after they were paid out. */
export function addCases(school: School, cases: readonly Chosen[], staff: Staff): void {
  for (const { kind, earned } of cases) {
    for (const request of requests(school, { kind, earned }, staff)) {
      const refund = addRefund(school, earned.paid, request)
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

interface Wish {
  /** Cents; the whole payment when missing. */
  readonly cents?: number
  /** Weeks and hours after the Monday of the lesson's week, or minutes before the story's now. */
  readonly when: readonly [weeks: number, hours: number] | { readonly minutesAgo: number }
  readonly reason: string
  readonly reasonCode?: Request['reasonCode']
  readonly end?: NonNullable<Request['end']>
  readonly isOverride?: true
}

const DAY = 24 * 60

const wishes: Partial<Record<Kind, readonly Wish[]>> = {
  two_partials: [
    { cents: 2000, when: [2, 34], reason: 'Started 15 minutes late' },
    { cents: 1500, when: [3, 59], reason: 'The fee of the test was lost too' },
  ],
  full: [{ when: [2, 38], reason: 'Lesson given twice by mistake', reasonCode: 'correction' }],
  large: [{ when: [2, 35], reason: 'Air conditioning failed in the heat', isOverride: true }],
  waiting: [
    { when: { minutesAgo: 300 }, reason: 'Lesson broken off early', isOverride: true, end: 'pending_approval' },
  ],
  failed: [{ cents: 3000, when: { minutesAgo: 3 * DAY }, reason: 'Late pick-up', end: 'failed' }],
  rejected: [{ when: { minutesAgo: 4 * DAY }, reason: 'Did not like the route', isOverride: true, end: 'rejected' }],
}

/** What the office asked for about a lesson that was given. */
function requests(school: School, { kind, earned }: Chosen, staff: Staff): Request[] {
  return (wishes[kind] ?? []).map(({ cents, when, ...wish }) => ({
    cents: cents ?? earned.paid.amountCents,
    at:
      'minutesAgo' in when
        ? school.minutesAgo(when.minutesAgo)
        : school.monday.plus({ weeks: earned.week + when[0], hours: when[1] }).toJSDate(),
    reasonCode: 'goodwill',
    requestedById: staff.manager,
    earned: true,
    ...wish,
  }))
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
