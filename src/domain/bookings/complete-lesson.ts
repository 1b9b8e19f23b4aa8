import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { conflict, invalid } from '../../core/errors.ts'
import { endTrips } from '../lessons/end-trips.ts'
import { type Booking, changeStatus, lockBooking } from './change-status.ts'
import { isAwaited } from './transitions.ts'

export interface Outcome {
  /** When it really began; default as it was recorded, or as it was booked when nobody started it. */
  readonly startedAt?: Date | undefined
  /** When it really ended; default now, or as it was booked when nobody started it. */
  readonly endedAt?: Date | undefined
  /** 1 to 5. */
  readonly rating?: number | undefined
  readonly notes?: string | undefined
}

/**
 * The lesson took place: what it earns counts from here. One that nobody started is started and ended at once, afterwards,
 * with the times that are given or booked.
 * @throws AppError Conflict when it cannot have ended yet
 */
export async function completeLesson(work: UnitOfWork, id: string, outcome: Outcome = {}): Promise<Booking> {
  const booking = await lockBooking(work, id)
  if (isAwaited(booking) && nowOf(work) < booking.endAt)
    throw conflict('The lesson is not over yet. Start it, and complete it when it has ended.')
  const lesson = await work.tx.lesson.findFirst({ where: { bookingId: id, orgId: work.orgId } })
  const { startedAt, endedAt } = timesOf(booking, { recorded: lesson?.startedAt ?? null, outcome, now: nowOf(work) })
  const begun = isAwaited(booking) ? await startAfterwards(work, booking) : booking
  const completed = await changeStatus(work, begun, { to: 'completed' })
  const distanceMeters = lesson ? await endTrips(work, lesson.id, endedAt) : null
  const record = {
    startedAt,
    endedAt,
    durationSec: Math.round((endedAt.getTime() - startedAt.getTime()) / 1000),
    ...(distanceMeters === null ? {} : { distanceMeters }),
    ...(outcome.rating === undefined ? {} : { rating: outcome.rating }),
    ...(outcome.notes === undefined ? {} : { notes: outcome.notes }),
  }
  const { orgId } = work
  const { instructorId, studentId } = booking
  await work.tx.lesson.upsert({
    where: { bookingId: id },
    create: { orgId, bookingId: id, instructorId, studentId, createdAt: nowOf(work), ...record },
    update: record,
    select: { id: true },
  })
  return completed
}

interface Told {
  readonly recorded: Date | null
  readonly outcome: Outcome
  readonly now: Date
}

function timesOf(booking: Booking, { recorded, outcome, now }: Told): { startedAt: Date; endedAt: Date } {
  const startedAt = outcome.startedAt ?? recorded ?? booking.startAt
  // nobody has started it, or it was no no-show after all: what was booked is the best that is known
  const usual = recorded === null && booking.endAt < now ? booking.endAt : now
  const endedAt = outcome.endedAt ?? usual
  if (endedAt > now) throw invalid('The lesson cannot have ended in the future. Choose an earlier end.', 'endedAt')
  if (endedAt <= startedAt) throw invalid('The lesson ends after it has begun. Choose a later end.', 'endedAt')
  return { startedAt, endedAt }
}

/** The table of states knows no way past the lesson itself: it began, and its history says that this was entered afterwards. */
const startAfterwards = (work: UnitOfWork, booking: Booking): Promise<Booking> =>
  changeStatus(work, booking, { to: 'in_progress', reason: 'Entered after the lesson', metadata: { afterwards: true } })
