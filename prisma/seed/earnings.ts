import type { PayoutKind } from '@prisma/client'
import { includedGst, splitFee } from '../../src/core/money.ts'
import { post } from './ledger.ts'
import type { Paid } from './payments.ts'
import type { Row } from './rows.ts'
import { hoursAfter, type School } from './school.ts'
import { PLATFORM_FEE_BPS } from './schools.ts'

/** What an instructor has earned with a lesson, or with one that was called off too late. */
export interface Earned {
  readonly paid: Paid
  readonly at: Date
  /** Weeks from the clock's Monday, in which the lesson was. */
  readonly week: number
  readonly row: Row<'Payout'>
}

const PAYOUT_HOLD_HOURS = 48
const WEEK_MS = 7 * 24 * 3_600_000
/** Hours until somebody has looked at a no-show or a late cancellation. */
const REVIEW_HOURS = 26

/** The instructors' part of everything that was given or kept; not yet in a batch. */
export function addEarnings(school: School, payments: readonly Paid[]): Earned[] {
  return payments.flatMap((paid) => {
    const kind = kindOf(paid)
    if (!kind) return []
    const { steps, slot, instructor } = paid.booked
    const happened = steps.at(-1)!.at
    const at = kind === 'lesson' ? happened : hoursAfter(happened, REVIEW_HOURS)
    const kept = keptOf(paid)
    if (kept.share <= 0) return []
    const reviewed = school.isPast(at)
    if (reviewed) postEarning(school, paid, { at, kept, kind })
    const week = Math.floor((slot.start.toMillis() - school.monday.toMillis()) / WEEK_MS)
    return [
      {
        paid,
        at,
        week,
        row: addPayout(school, paid, {
          kind,
          at,
          cents: kept.share,
          hold: holdOf(reviewed),
          gst: instructor.gstRegistered,
        }),
      },
    ]
  })
}

function kindOf({ booked }: Paid): PayoutKind | null {
  if (booked.outcome.kind === 'completed') return 'lesson'
  if (booked.outcome.kind === 'no_show') return 'no_show'
  return booked.outcome.kind === 'cancelled' ? 'late_cancel' : null
}

interface Kept {
  fee: number
  share: number
}

/** What is left of a payment after the refund of its cancellation. */
function keptOf({ booked, row }: Paid): Kept {
  const whole = { fee: row.platformFeeCents, share: row.instructorShareCents }
  if (booked.outcome.kind !== 'cancelled') return whole
  const percent = booked.tier?.percent ?? 100
  if (percent === 100) return { fee: 0, share: 0 }
  const back = row.refundedCents ?? 0
  const returned = splitFee(back, PLATFORM_FEE_BPS)
  return { fee: whole.fee - returned.platformFeeCents, share: whole.share - returned.instructorShareCents }
}

function postEarning(
  school: School,
  { booked }: Paid,
  { at, kept, kind }: { at: Date; kept: Kept; kind: PayoutKind },
): void {
  post(school, {
    kind: kind === 'lesson' ? 'lesson.completed' : `booking.${kind}_kept`,
    about: { model: 'Booking', id: booked.id, bookingId: booked.id },
    at,
    lines: [
      { account: 'unearned_lessons', cents: kept.fee + kept.share },
      { account: 'platform_fee', cents: -kept.fee },
      { account: 'instructor_payable', cents: -kept.share, instructorId: booked.instructor.id },
    ],
  })
}

const holdOf = (reviewed: boolean): string | null => (reviewed ? null : 'Waits for its review.')

interface Due {
  kind: PayoutKind
  at: Date
  cents: number
  hold: string | null
  gst: boolean
}

function addPayout(school: School, { id, booked }: Paid, { kind, at, cents, hold, gst }: Due): Row<'Payout'> {
  const createdAt = booked.steps.at(-1)!.at
  return school.rows.add('Payout', {
    id: school.newId(`payout/${booked.id}`, createdAt),
    orgId: school.id,
    instructorId: booked.instructor.id,
    bookingId: booked.id,
    paymentId: id,
    kind,
    currency: 'AUD',
    amountCents: cents,
    reversedCents: 0,
    gstCents: gst ? includedGst(cents) : 0,
    status: hold ? 'held' : 'pending',
    availableAt: hoursAfter(at, kind === 'lesson' ? PAYOUT_HOLD_HOURS : 0),
    holdReason: hold,
    holdKind: hold ? 'review' : null,
    createdAt,
    updatedAt: createdAt,
  })
}
