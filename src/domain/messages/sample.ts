import { DateTime } from 'luxon'
import { formatMoney } from '../../core/money.ts'
import { formatInstant } from '../../core/time.ts'
import type { Invite } from './invite.ts'
import { isKind, type Kind } from './kinds.ts'
import type { Values } from './wording.ts'

interface School {
  readonly name: string
  readonly timeZone: string
  readonly currency: string
}

/** The lesson that previews and tests tell of: next Tuesday at 15:30, by the school's clocks. */
function sampleLesson({ timeZone }: School, now: Date) {
  const today = DateTime.fromJSDate(now, { zone: timeZone }).startOf('day')
  const days = (2 - today.weekday + 7) % 7 || 7
  const start = today.plus({ days }).set({ hour: 15, minute: 30 })
  return { startAt: start.toJSDate(), endAt: start.plus({ minutes: 60 }).toJSDate(), before: start.minus({ days: 1 }) }
}

/** Something for every placeholder there is. */
export function sampleValues(school: School, now: Date): Required<Omit<Values, 'unsubscribe'>> {
  const { startAt, before } = sampleLesson(school, now)
  const when = formatInstant(startAt, school.timeZone, now)
  const [day = '', time = ''] = when.split(', ')
  return {
    name: 'Alex Sample',
    school: school.name,
    student: 'Alex Sample',
    instructor: 'Robin Example',
    service: '60 minutes',
    when,
    day,
    time,
    minutes: '60',
    place: '1 Station Street',
    price: formatMoney(8_500, school.currency),
    before: formatInstant(before.toJSDate(), school.timeZone, now),
    reason: 'the instructor is ill',
    what: `the lesson on ${when}`,
    amount: formatMoney(8_500, school.currency),
    gst: formatMoney(773, school.currency),
    method: 'card',
    reference: '6a235f',
    needed: 'proof of identity, bank account',
    paper: 'Driver licence',
    holder: 'Robin Example',
    until: 'Thu 10 Dec 2026',
    left: 'in 7 days',
  }
}

const WITH_INVITE: readonly Kind[] = [
  'booking_confirmed',
  'booking_rescheduled',
  'booking_cancelled',
  'instructor_lesson_booked',
  'instructor_lesson_moved',
  'instructor_lesson_cancelled',
]

/** The invitation of a test, for a calendar entry of its own; null for messages that bring none. */
export function sampleInvite(key: string, school: School, { now, uid }: { now: Date; uid: string }): Invite | null {
  if (!isKind(key) || !WITH_INVITE.includes(key)) return null
  const { startAt, endAt } = sampleLesson(school, now)
  return {
    method: key.endsWith('cancelled') ? 'CANCEL' : 'REQUEST',
    uid,
    sequence: 1,
    startAt: startAt.toISOString(),
    endAt: endAt.toISOString(),
    timeZone: school.timeZone,
    summary: `Driving lesson: ${school.name} (test)`,
    place: '1 Station Street',
  }
}
