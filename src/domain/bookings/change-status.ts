import type { BookingStatus, Prisma } from '@prisma/client'
import { lockRow } from '../../core/lock-row.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import type { Scalars } from '../../core/declaration.ts'
import { conflict, notFound } from '../../core/errors.ts'
import { type Event, emit } from '../../core/events.ts'
import type { PayloadIn, Topic } from '../../core/topics.ts'
import { rulesOf } from '../school.ts'
import { scheduleTransitions } from './schedule-transitions.ts'
import { requireTransition } from './transitions.ts'

export type Booking = Scalars<'Booking'>

interface Change {
  readonly to: BookingStatus
  readonly reason?: string
  /** Columns that change with the status. */
  readonly data?: Prisma.BookingUncheckedUpdateManyInput
  readonly metadata?: Prisma.InputJsonObject
}

/** The booking, locked until the end of the transaction. @throws AppError NotFound */
export async function lockBooking(work: UnitOfWork, id: string): Promise<Booking> {
  await lockRow(work, 'Booking', id)
  const booking = await work.tx.booking.findFirst({ where: { id, orgId: work.orgId } })
  if (!booking) throw notFound('There is no such booking in your school.')
  return booking
}

/** What a booking that comes back from its cancellation no longer says. */
const NOT_CANCELLED = {
  cancelledAt: null,
  cancelledAs: null,
  cancelledBy: null,
  cancellationReason: null,
  policyId: null,
}

/**
 * Moves a booking on: its status, its history, the event and what the clock has to do from here, together. The only place
 * that writes a status.
 * @throws AppError Conflict when the change is not allowed, or when somebody else was faster
 */
export async function changeStatus(work: UnitOfWork, booking: Booking, change: Change): Promise<Booking> {
  const now = nowOf(work)
  const overridden = await requireTransition(work, booking, change.to, now)
  const data = {
    ...(booking.status === 'cancelled' ? NOT_CANCELLED : {}),
    ...change.data,
    status: change.to,
    previousStatus: booking.status,
    statusChangedAt: now,
    statusChangedBy: work.userId,
    version: booking.version + 1,
  }
  const where = { id: booking.id, orgId: work.orgId, status: booking.status, version: booking.version }
  const { count } = await work.tx.booking.updateMany({ where, data })
  if (count === 0) throw conflict('Somebody changed this booking at the same moment. Load it again.')
  await recordStep(work, {
    bookingId: booking.id,
    from: booking.status,
    ...change,
    ...explained(work, change, overridden),
  })
  const changed = await work.tx.booking.findFirstOrThrow({ where: { id: booking.id, orgId: work.orgId } })
  await scheduleTransitions(work, changed, await rulesOf(work))
  // scheduled is an old name of confirmed, and only an override leads to it
  await tell(work, `booking.${change.to === 'scheduled' ? 'confirmed' : change.to}`, changed)
  return changed
}

/** An override is never without its reason in the history, nor without the rule that it broke. */
function explained(
  work: UnitOfWork,
  { reason, metadata }: Change,
  overridden: readonly string[],
): Pick<Change, 'reason' | 'metadata'> {
  const why = reason ?? work.override
  const said = overridden.length > 0 ? { ...metadata, overridden: [...overridden] } : metadata
  return { ...(why ? { reason: why } : {}), ...(said ? { metadata: said } : {}) }
}

interface Step extends Change {
  readonly bookingId: string
  readonly from: BookingStatus | null
}

/** One line of the booking's history. */
export async function recordStep(work: UnitOfWork, step: Step): Promise<void> {
  await work.tx.lessonStateHistory.create({ data: stepRow(work, step), select: { id: true } })
}

export const stepRow = (work: UnitOfWork, { bookingId, from, to, reason, metadata }: Step) => ({
  orgId: work.orgId,
  bookingId,
  fromStatus: from,
  toStatus: to,
  actorUserId: work.userId,
  reason: reason ?? null,
  createdAt: nowOf(work),
  ...(metadata ? { metadata } : {}),
})

type BookingTopic = Extract<Topic, `booking.${string}`>
type Told = PayloadIn<'booking.confirmed'>
/** What such an event says beyond the booking itself. */
type More<T extends BookingTopic> = {} extends Omit<PayloadIn<T>, keyof Told> ? [] : [Omit<PayloadIn<T>, keyof Told>]

/** Tells of a change when the transaction commits. */
export const tell = <T extends BookingTopic>(
  work: UnitOfWork,
  topic: T,
  booking: Booking,
  ...more: More<T>
): Promise<void> => emit(work, eventOf(topic, booking, ...more))

/** The event of a change, with what its handlers need to know of the booking as it was then. */
export function eventOf<T extends BookingTopic>(topic: T, booking: Booking, ...[more]: More<T>): Event<T> {
  const { id, version, studentId, instructorId, startAt, endAt, status } = booking
  const payload = {
    bookingId: id,
    studentId,
    instructorId,
    status,
    startAt: startAt.toISOString(),
    endAt: endAt.toISOString(),
  }
  return { topic, of: 'Booking', id, version, payload: { ...payload, ...more } as PayloadIn<T> }
}
