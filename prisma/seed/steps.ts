import type { BookingStatus } from '@prisma/client'
import type { Booked } from './bookings.ts'
import { minutesAfter, type School } from './school.ts'
import type { Staff } from './team.ts'

/** One change of a booking's status. */
export interface Step {
  readonly from: BookingStatus | null
  readonly to: BookingStatus
  readonly at: Date
  /** Who of the office did it; null for the learner's own app, a payment and the clock. */
  readonly by: string | null
  readonly reason: string | null
}

type Told = Pick<Booked, 'id' | 'outcome' | 'start' | 'end' | 'createdAt' | 'cancelledAt' | 'method'>

/** Everything that happened to a booking, in order; the last step is where it stands. */
export function stepsOf(school: School, booked: Told, staff: Staff): Step[] {
  const steps = opening(school, booked, staff)
  const add = (to: BookingStatus, at: Date, by: string | null = null, reason: string | null = null): void => {
    steps.push({ from: steps.at(-1)?.to ?? null, to, at, by, reason })
  }
  const chance = school.random(`steps/${booked.id}`)
  const { outcome, start, end } = booked
  if (begun.includes(outcome.kind)) add('in_progress', minutesAfter(start, chance.between(-1, 4)), staff.manager)
  if (outcome.kind === 'completed') add('completed', minutesAfter(end, chance.between(0, 9)), staff.manager)
  if (outcome.kind === 'no_show') add('no_show', minutesAfter(end, 30))
  if (outcome.kind === 'expired') add('cancelled', booked.cancelledAt!)
  if (outcome.kind === 'cancelled') {
    const by = outcome.as === 'admin' ? staff.admin : staff.manager
    add('cancelled', booked.cancelledAt!, by, outcome.reason)
  }
  return steps
}

/** Lessons that somebody has started. */
export const begun: readonly string[] = ['in_progress', 'unclosed', 'completed']

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
    return [first('requested', null), confirm('requested', 2, staff.manager, 'Paid from a package')]
  return [
    first('requested', null),
    confirm('requested', chance.between(15, 70), staff.manager, 'Approved by the office'),
  ]
}
