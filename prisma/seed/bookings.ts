import type { PaymentMethod } from '@prisma/client'
import type { Catalogue, Tier } from './catalogue.ts'
import type { Fleet } from './fleet.ts'
import type { Learner } from './learners.ts'
import { type Moved, Diary } from './moves.ts'
import type { Outcome } from './outcomes.ts'
import { endOf, type Match, type Slot } from './schedule.ts'
import { minutesAfter, type School, wallTime } from './school.ts'
import { stepsOf, type Step } from './steps.ts'
import type { Instructor, Staff } from './team.ts'

/** A booking with all that happens to it, before any of it is done. */
export interface Booked {
  readonly id: string
  readonly slot: Slot
  readonly learner: Learner
  readonly instructor: Instructor
  readonly vehicleId: string
  readonly locationId: string
  readonly outcome: Outcome
  readonly start: Date
  readonly end: Date
  readonly createdAt: Date
  /** When it was cancelled, by whomever. */
  readonly cancelledAt: Date | null
  /** The policy it was cancelled under. */
  readonly tier: Tier | null
  readonly method: PaymentMethod
  readonly priceCents: number
  readonly notes: string | null
  /** What the instructor writes down at the end. */
  readonly given: { readonly rating?: number; readonly notes?: string }
  readonly moved: Moved | null
  /** Its changes of status, in order; the last is where it stands. */
  readonly steps: readonly Step[]
}

export interface Setting {
  readonly staff: Staff
  readonly catalogue: Catalogue
  readonly fleet: Fleet
}

export function planBookings(school: School, outcomes: Map<Match, Outcome>, setting: Setting): Booked[] {
  const diary = new Diary(school, [...outcomes.keys()])
  return [...outcomes].map(([match, outcome]) => planBooking(school, { match, outcome, diary }, setting))
}

interface Told {
  readonly match: Match
  readonly outcome: Outcome
  readonly diary: Diary
}

function planBooking(school: School, { match, outcome, diary }: Told, { catalogue, fleet, staff }: Setting): Booked {
  const { slot, learner } = match
  const start = slot.start.toJSDate()
  const createdAt = bookedOn(school, match, outcome)
  const cancelledAt = cancelledOn(school, outcome, { start, createdAt })
  const method = methodOf(school, match, outcome)
  const id = school.newId(`booking/${slot.key}`, createdAt)
  const told = { id, outcome, start, end: endOf(slot).toJSDate(), createdAt, cancelledAt, method }
  const chance = school.random(`notes/${id}`)
  return {
    ...told,
    slot,
    learner,
    instructor: slot.instructor,
    vehicleId: fleet.carFor(slot.instructor, learner.gearbox),
    locationId: fleet.pickupZones.get(learner.suburb.name)!,
    tier: tierOf(catalogue, told, outcome),
    priceCents:
      method === 'credit' ? (school.plan.packageCents * slot.minutes) / 600 : school.plan.prices[slot.minutes],
    notes: chance.percent(8) ? chance.pick(notes) : null,
    given: {
      ...(chance.percent(45) ? { rating: chance.pick([5, 5, 5, 4, 4, 3]) } : {}),
      ...(chance.percent(30) ? { notes: chance.pick(progress) } : {}),
    },
    moved: diary.moveOf(match, { outcome, createdAt }),
    steps: stepsOf(school, told, staff),
  }
}

const notes = [
  'Night driving practice',
  'Motorway entry',
  'Parallel parking',
  'Test route',
  'Roundabouts',
  'First lesson',
] as const

const progress = [
  'Good observation at roundabouts; keep both hands on the wheel.',
  'Lane changes need a head check every time.',
  'Ready for a mock test.',
  'Reverse parking much better than last week.',
  'Speed in school zones: watch the signs.',
  'Smooth gear changes today.',
]

/** On a day before the lesson, in waking hours; what is on the desk now came in just now. */
function bookedOn(school: School, { slot, learner }: Match, outcome: Outcome): Date {
  const chance = school.random(`booked/${slot.key}`)
  if (outcome.kind === 'hold') return school.minutesAgo(30 - outcome.minutesLeft)
  if (outcome.kind === 'draft') return school.minutesAgo(chance.between(4, 40))
  if (outcome.kind === 'requested') return school.minutesAgo(chance.between(25, 26 * 60))
  const from = slot.start > school.now ? school.now : slot.start
  const known = Math.floor((from.toMillis() - learner.joinedAt.getTime()) / DAY_MS)
  const latest =
    outcome.kind === 'cancelled' && slot.start <= school.now ? Math.ceil(outcome.noticeMinutes / (24 * 60)) + 1 : 1
  const days = Math.max(latest, Math.min(chance.between(latest, 18), known - 1))
  return wallTime(from.minus({ days }), chance.between(480, 1290)).toJSDate()
}

const DAY_MS = 24 * 3_600_000

function cancelledOn(
  school: School,
  outcome: Outcome,
  { start, createdAt }: { start: Date; createdAt: Date },
): Date | null {
  if (outcome.kind === 'expired') return minutesAfter(createdAt, 30)
  if (outcome.kind !== 'cancelled') return null
  const at = minutesAfter(start, -outcome.noticeMinutes)
  // a lesson still ahead was called off between its booking and now
  if (start > school.now.toJSDate()) return new Date((createdAt.getTime() + school.now.toMillis()) / 2)
  return at
}

/** The tier with the greatest cutoff that the notice reaches, in elapsed time. */
function tierOf(
  catalogue: Catalogue,
  { start, cancelledAt }: { start: Date; cancelledAt: Date | null },
  outcome: Outcome,
): Tier | null {
  if (outcome.kind !== 'cancelled' || !cancelledAt) return null
  const hours = (start.getTime() - cancelledAt.getTime()) / 3_600_000
  const reached = catalogue.policies.filter((tier) => tier.actor === outcome.as && tier.hours <= hours)
  return reached.toSorted((a, b) => b.hours - a.hours)[0] ?? null
}

function methodOf(school: School, { slot, learner }: Match, outcome: Outcome): PaymentMethod {
  if (outcome.kind === 'expired' || outcome.kind === 'hold') return 'card'
  if (learner.prepays) return 'credit'
  const chance = school.random(`method/${slot.key}`)
  if (outcome.kind === 'requested' || chance.percent(6)) return 'bank_transfer'
  return chance.percent(10) ? 'cash' : 'card'
}
