import type { BookingStatus, PaymentMethod } from '@prisma/client'
import { splitFee } from '../../src/core/money.ts'
import type { Catalogue, Tier } from './catalogue.ts'
import type { Fleet } from './fleet.ts'
import type { Learner } from './learners.ts'
import type { Outcome } from './outcomes.ts'
import type { Row } from './rows.ts'
import { endOf, type Match, type Slot } from './schedule.ts'
import { hoursAfter, minutesAfter, type School, wallTime } from './school.ts'
import { PLATFORM_FEE_BPS, TRAVEL_MINUTES } from './schools.ts'
import { stepsOf, type Step } from './steps.ts'
import type { Instructor, Staff } from './team.ts'

/** A booking with what the later parts of the story need of it. */
export interface Booked {
  readonly id: string
  readonly slot: Slot
  readonly learner: Learner
  readonly instructor: Instructor
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
  readonly steps: readonly Step[]
  readonly row: Row<'Booking'>
}

export interface Setting {
  readonly staff: Staff
  readonly catalogue: Catalogue
  readonly fleet: Fleet
}

export function addBookings(school: School, outcomes: Map<Match, Outcome>, setting: Setting): Booked[] {
  return [...outcomes].map(([match, outcome]) => addBooking(school, { match, outcome }, setting))
}

function addBooking(school: School, { match, outcome }: { match: Match; outcome: Outcome }, setting: Setting): Booked {
  const { slot, learner } = match
  const start = slot.start.toJSDate()
  const createdAt = bookedOn(school, match, outcome)
  const cancelledAt = cancelledOn(school, outcome, { start, createdAt })
  const method = methodOf(school, match, outcome)
  const id = school.newId(`booking/${slot.key}`, createdAt)
  const told = { id, start, end: endOf(slot).toJSDate(), createdAt, cancelledAt, method }
  const booked = {
    ...told,
    slot,
    learner,
    instructor: slot.instructor,
    outcome,
    tier: tierOf(setting.catalogue, told, outcome),
  }
  const steps = stepsOf(school, booked, setting.staff)
  const priceCents =
    method === 'credit' ? (school.plan.packageCents * slot.minutes) / 600 : school.plan.prices[slot.minutes]
  const full = { ...booked, steps, priceCents }
  return { ...full, row: addRow(school, full, setting) }
}

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

type Unwritten = Omit<Booked, 'row'>

function addRow(school: School, booked: Unwritten, { catalogue, fleet }: Setting): Row<'Booking'> {
  const { id, slot, learner, instructor, outcome, start, end, createdAt, priceCents } = booked
  const last = booked.steps.at(-1)!
  const zone = fleet.pickupZones.get(learner.suburb.name)!
  const chance = school.random(`place/${id}`)
  return school.rows.add('Booking', {
    id,
    orgId: school.id,
    studentId: learner.id,
    instructorId: instructor.id,
    serviceId: catalogue.services[slot.minutes],
    vehicleId: fleet.carFor(instructor, learner.gearbox),
    locationId: zone,
    rateCardId: booked.method === 'credit' ? catalogue.packageCard : catalogue.standardCard,
    startAt: start,
    endAt: end,
    blockedUntil: minutesAfter(end, TRAVEL_MINUTES),
    status: statusOf(outcome),
    holdExpiresAt: ['hold', 'expired'].includes(outcome.kind) ? minutesAfter(createdAt, 30) : null,
    pickupAddress: `${learner.address} ${school.plan.state} ${learner.suburb.postcode}`,
    pickupLat: around(learner.suburb.lat, chance.next()),
    pickupLng: around(learner.suburb.lng, chance.next()),
    currency: 'AUD',
    priceCents,
    platformFeeBps: PLATFORM_FEE_BPS,
    ...splitFee(priceCents, PLATFORM_FEE_BPS),
    notes: chance.percent(8) ? chance.pick(notes) : null,
    ...cancellation(booked),
    ...move(school, booked),
    previousStatus: last.from,
    statusChangedAt: last.at,
    statusChangedBy: last.by,
    idempotencyKey: `demo:${id}`,
    version: booked.steps.length,
    createdAt,
    updatedAt: last.at,
  })
}

const notes = [
  'Night driving practice',
  'Motorway entry',
  'Parallel parking',
  'Test route',
  'Roundabouts',
  'First lesson',
] as const

/** Some hundred metres off the middle of the suburb. */
const around = (degrees: number, chance: number): number => Number((degrees + (chance - 0.5) / 90).toFixed(6))

function statusOf({ kind }: Outcome): BookingStatus {
  if (kind === 'expired') return 'cancelled'
  if (kind === 'upcoming' || kind === 'unclosed') return 'confirmed'
  return kind === 'hold' ? 'pending_payment' : kind
}

function cancellation({ outcome, steps, cancelledAt, tier }: Unwritten): Partial<Row<'Booking'>> {
  if (!cancelledAt) return { cancelledAt: null }
  const { by, reason } = steps.at(-1)!
  const cancelledAs = outcome.kind === 'cancelled' ? outcome.as : null
  return { cancelledAt, cancelledBy: by, cancelledAs, cancellationReason: reason, policyId: tier?.id ?? null }
}

/** One lesson in twenty was moved once, the day after it was booked. */
function move(school: School, { id, outcome, slot, createdAt, start }: Unwritten): Partial<Row<'Booking'>> {
  const chance = school.random(`move/${id}`)
  const rescheduledAt = hoursAfter(createdAt, 20)
  const early = hoursAfter(rescheduledAt, 30) < start && school.isPast(rescheduledAt)
  if (!early || !['completed', 'upcoming'].includes(outcome.kind) || !chance.percent(9)) return { rescheduleCount: 0 }
  const rescheduledFrom = slot.start.plus({ days: chance.between(1, 3), hours: chance.between(-1, 1) }).toJSDate()
  return {
    rescheduledFrom,
    rescheduledAt,
    rescheduleReason: chance.pick(['School excursion', 'Work shift', 'Test date moved']),
    rescheduleCount: 1,
  }
}
