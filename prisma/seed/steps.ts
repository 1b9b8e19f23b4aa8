import type { BookingStatus } from '@prisma/client'
import type { Booked } from './bookings.ts'
import { minutesAfter, type School } from './school.ts'
import type { Staff } from './team.ts'

/** One change of a booking's status. */
export interface Step {
  readonly from: BookingStatus | null
  readonly to: BookingStatus
  readonly at: Date
  /** Null for the learner's own app and for jobs. */
  readonly by: string | null
  readonly reason: string | null
}

type Told = Omit<Booked, 'steps' | 'priceCents' | 'row'>

/** Everything that happened to a booking, in order; the last step is where it stands. */
export function stepsOf(school: School, booked: Told, staff: Staff): Step[] {
  const steps = opening(school, booked, staff)
  const add = (to: BookingStatus, at: Date, by: string | null = null, reason: string | null = null): void => {
    steps.push({ from: steps.at(-1)?.to ?? null, to, at, by, reason })
  }
  const chance = school.random(`steps/${booked.id}`)
  const { outcome, start, end, instructor } = booked
  if (outcome.kind === 'in_progress' || outcome.kind === 'completed') {
    add('in_progress', minutesAfter(start, chance.between(-1, 4)), instructor.userId)
  }
  if (outcome.kind === 'completed') add('completed', minutesAfter(end, chance.between(0, 9)), instructor.userId)
  if (outcome.kind === 'no_show') add('no_show', minutesAfter(end, 30), null, 'Nobody at the meeting point')
  if (outcome.kind === 'expired') add('cancelled', booked.cancelledAt!, null, 'Not paid within 30 minutes')
  if (outcome.kind === 'cancelled') {
    const by = { student: null, parent: null, instructor: instructor.userId, admin: staff.manager }[outcome.as]
    add('cancelled', booked.cancelledAt!, by, outcome.reason)
  }
  return steps
}

/** From the first word to a confirmed booking, or as far as it came. */
function opening(school: School, { id, createdAt, method, outcome }: Told, staff: Staff): Step[] {
  const chance = school.random(`opening/${id}`)
  const first = (to: BookingStatus, by: string | null): Step => ({ from: null, to, at: createdAt, by, reason: null })
  const confirm = (from: BookingStatus, minutes: number, by: string | null, reason: string): Step => ({
    from,
    to: 'confirmed',
    at: minutesAfter(createdAt, minutes),
    by,
    reason,
  })
  if (outcome.kind === 'draft') return [first('draft', staff.manager)]
  if (outcome.kind === 'requested') return [first('requested', null)]
  if (outcome.kind === 'hold' || outcome.kind === 'expired') return [first('pending_payment', null)]
  if (method === 'card')
    return [first('pending_payment', null), confirm('pending_payment', chance.between(1, 14), null, 'Paid by card')]
  if (method === 'credit')
    return [first('draft', staff.manager), confirm('draft', 2, staff.manager, 'Paid from a package')]
  return [
    first('requested', null),
    confirm('requested', chance.between(15, 70), staff.manager, 'Approved by the office'),
  ]
}

/** The history of every booking, and what jobs had or have to do at a set time. */
export function addHistory(school: School, bookings: readonly Booked[]): void {
  for (const booked of bookings) {
    for (const [index, step] of booked.steps.entries()) {
      school.rows.add('LessonStateHistory', {
        id: school.newId(`step/${booked.id}/${index}`, step.at),
        orgId: school.id,
        bookingId: booked.id,
        fromStatus: step.from,
        toStatus: step.to,
        actorUserId: step.by,
        reason: step.reason,
        createdAt: step.at,
      })
    }
    addTransition(school, booked)
  }
}

/** Unpaid holds and untouched drafts give their slot back by themselves. */
function addTransition(school: School, booked: Booked): void {
  const { kind } = booked.outcome
  if (kind !== 'hold' && kind !== 'expired' && kind !== 'draft') return
  const executeAt = minutesAfter(booked.createdAt, kind === 'draft' ? 60 : 30)
  school.rows.add('ScheduledStateTransition', {
    id: school.newId(`transition/${booked.id}`, booked.createdAt),
    orgId: school.id,
    bookingId: booked.id,
    toStatus: 'cancelled',
    executeAt,
    reason: kind === 'draft' ? 'Draft not finished within 60 minutes' : 'Not paid within 30 minutes',
    attempts: kind === 'expired' ? 1 : 0,
    processedAt: kind === 'expired' ? executeAt : null,
    createdAt: booked.createdAt,
    updatedAt: kind === 'expired' ? executeAt : booked.createdAt,
  })
}
