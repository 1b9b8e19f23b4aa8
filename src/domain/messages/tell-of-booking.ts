import { nowOf } from '../../core/context.ts'
import type { Happened } from '../../core/events.ts'
import { formatInstant } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { compose, type Occasion, type Written, schoolOf } from './compose.ts'
import type { Invite } from './invite.ts'
import type { Kind } from './kinds.ts'
import { type LessonFacts, lessonFacts, type Slot } from './lesson-facts.ts'
import { instructorOf, type Learner, learnerOf, learnerOrPayers } from './people.ts'

export const bookingTopics = [
  'booking.requested',
  'booking.confirmed',
  'booking.cancelled',
  'booking.rescheduled',
] as const

export type BookingEvent = Happened<(typeof bookingTopics)[number]>

const toLearner: Readonly<Record<BookingEvent['topic'], Kind>> = {
  'booking.requested': 'booking_requested',
  'booking.confirmed': 'booking_confirmed',
  'booking.cancelled': 'booking_cancelled',
  'booking.rescheduled': 'booking_rescheduled',
}

/** A lesson that the instructor counts on. */
const AGREED = ['confirmed', 'scheduled', 'in_progress']

/** Tells learner and instructor what happened to a lesson. Of one that is over, or that was only a draft, nobody is told. */
export async function tellOfBooking(work: UnitOfWork, event: BookingEvent): Promise<Written[]> {
  const { payload } = event
  const school = await schoolOf(work)
  const now = nowOf(work)
  const slot = {
    startAt: new Date(payload.startAt),
    endAt: new Date(payload.endAt),
    instructorId: payload.instructorId,
  }
  const told = await lessonFacts(work, { bookingId: event.recordId, slot, timeZone: school.timeZone, now })
  const learner = await learnerOf(work, payload.studentId)
  if (!told || !learner || slot.endAt <= now || isDraft(event, told)) return []
  const scene: Scene = { event, slot, learner, told, timeZone: school.timeZone, now, school: school.name }
  const written = await compose(work, occasionForLearner(scene))
  for (const { kind, instructorId } of changesForInstructors(scene))
    written.push(...(await tellInstructor(work, scene, { kind, instructorId })))
  return written
}

interface Scene {
  readonly event: BookingEvent
  readonly slot: Slot
  readonly learner: Learner
  readonly told: LessonFacts
  readonly timeZone: string
  readonly school: string
  readonly now: Date
}

const isDraft = ({ topic, payload }: BookingEvent, { booking }: LessonFacts): boolean =>
  payload.status === 'draft' || (topic === 'booking.cancelled' && booking.previousStatus === 'draft')

function occasionForLearner({ event, slot, learner, told, timeZone, now, school }: Scene): Occasion {
  const agreed = AGREED.includes(event.payload.status) || wasAgreed(event, told)
  return {
    kind: toLearner[event.topic],
    cause: event.id,
    to: (channel) => learnerOrPayers(learner, channel),
    values: { ...told.values, ...extra(event, told, { timeZone, now }) },
    about: { model: 'Booking', id: event.recordId },
    bookingId: event.recordId,
    studentId: learner.id,
    startsAt: slot.startAt,
    expiresAt: slot.endAt,
    ...(agreed ? { invite: inviteOf(event, { slot, told, timeZone, summary: `Driving lesson: ${school}` }) } : {}),
  }
}

/** A lesson that was agreed, and is cancelled. */
const wasAgreed = ({ topic }: BookingEvent, { booking }: LessonFacts): boolean =>
  topic === 'booking.cancelled' && AGREED.includes(booking.previousStatus ?? '')

function extra(event: BookingEvent, { booking }: LessonFacts, { timeZone, now }: { timeZone: string; now: Date }) {
  if (event.topic === 'booking.rescheduled')
    return { before: formatInstant(new Date(event.payload.from.startAt), timeZone, now) }
  return event.topic === 'booking.cancelled' ? { reason: booking.cancellationReason ?? '' } : {}
}

interface Told {
  readonly slot: Slot
  readonly told: LessonFacts
  readonly timeZone: string
  readonly summary: string
  readonly method?: Invite['method']
}

function inviteOf({ topic, recordId, version }: BookingEvent, { slot, told, timeZone, summary, method }: Told): Invite {
  return {
    method: method ?? (topic === 'booking.cancelled' ? 'CANCEL' : 'REQUEST'),
    uid: `${recordId}@driveflow`,
    sequence: version,
    startAt: slot.startAt.toISOString(),
    endAt: slot.endAt.toISOString(),
    timeZone,
    summary,
    ...(told.place ? { place: told.place } : {}),
  }
}

interface Change {
  readonly kind: Extract<Kind, `instructor_${string}`>
  readonly instructorId: string
}

/** Whose day changes, and how. A lesson that is not agreed yet is nobody's. */
function changesForInstructors({ event, told }: Scene): Change[] {
  const { topic, payload } = event
  const { instructorId } = payload
  if (topic === 'booking.confirmed') return [{ kind: 'instructor_lesson_booked', instructorId }]
  if (topic === 'booking.cancelled')
    return wasAgreed(event, told) ? [{ kind: 'instructor_lesson_cancelled', instructorId }] : []
  if (topic !== 'booking.rescheduled' || !AGREED.includes(payload.status)) return []
  const { from } = payload
  return from.instructorId === instructorId
    ? [{ kind: 'instructor_lesson_moved', instructorId }]
    : [
        { kind: 'instructor_lesson_cancelled', instructorId: from.instructorId },
        { kind: 'instructor_lesson_booked', instructorId },
      ]
}

async function tellInstructor(work: UnitOfWork, scene: Scene, { kind, instructorId }: Change): Promise<Written[]> {
  const { event, timeZone, now, learner } = scene
  const instructor = await instructorOf(work, instructorId)
  if (!instructor) return []
  const isGone = kind === 'instructor_lesson_cancelled'
  // whoever loses a lesson to a colleague had it at its time before
  const hasLost = isGone && event.topic === 'booking.rescheduled'
  const slot = hasLost ? slotBefore(event.payload, scene.slot) : scene.slot
  const told = hasLost
    ? ((await lessonFacts(work, { bookingId: event.recordId, slot, timeZone, now })) ?? scene.told)
    : scene.told
  return await compose(work, {
    kind,
    cause: event.id,
    to: () => [instructor],
    values: { ...told.values, ...extra(event, told, { timeZone, now }) },
    about: { model: 'Booking', id: event.recordId },
    bookingId: event.recordId,
    instructorId,
    startsAt: slot.startAt,
    expiresAt: slot.endAt,
    invite: inviteOf(event, {
      slot,
      told,
      timeZone,
      summary: `Lesson: ${learner.name}`,
      method: isGone ? 'CANCEL' : 'REQUEST',
    }),
  })
}

function slotBefore({ from }: { from: { startAt: string; instructorId: string } }, slot: Slot): Slot {
  const startAt = new Date(from.startAt)
  return {
    startAt,
    endAt: new Date(startAt.getTime() + slot.endAt.getTime() - slot.startAt.getTime()),
    instructorId: from.instructorId,
  }
}
