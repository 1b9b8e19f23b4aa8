import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { endTrips } from '../lessons/end-trips.ts'
import { type Booking, changeStatus, lockBooking } from './change-status.ts'

export interface Outcome {
  /** When it really ended; default now. */
  readonly endedAt?: Date | undefined
  /** 1 to 5. */
  readonly rating?: number | undefined
  readonly notes?: string | undefined
}

/** The lesson took place: what it earns counts from here. @throws AppError Conflict when it has not begun */
export async function completeLesson(work: UnitOfWork, id: string, outcome: Outcome = {}): Promise<Booking> {
  const booking = await lockBooking(work, id)
  const endedAt = outcome.endedAt ?? nowOf(work)
  const lesson = await work.tx.lesson.findFirst({ where: { bookingId: id, orgId: work.orgId } })
  // a no-show that was none after all has no record of its start
  const startedAt = lesson?.startedAt ?? booking.startAt
  if (endedAt > nowOf(work))
    throw invalid('The lesson cannot have ended in the future. Choose an earlier end.', 'endedAt')
  if (endedAt <= startedAt) throw invalid('The lesson ends after it has begun. Choose a later end.', 'endedAt')
  const completed = await changeStatus(work, booking, { to: 'completed' })
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
