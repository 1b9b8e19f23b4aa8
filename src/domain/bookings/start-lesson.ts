import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import { type Booking, changeStatus, lockBooking } from './change-status.ts'

/** Early enough for a learner who is there before the time. */
const EARLIEST_MINUTES = 30

/** The learner is in the car: the lesson begins, and with it its record. @throws AppError Conflict when it cannot */
export async function startLesson(work: UnitOfWork, id: string): Promise<Booking> {
  const booking = await lockBooking(work, id)
  const now = nowOf(work)
  if (booking.startAt.getTime() - now.getTime() > EARLIEST_MINUTES * 60_000 && !work.override)
    throw conflict(`A lesson can begin at most ${EARLIEST_MINUTES} minutes before its time. Move it to now instead.`)
  const begun = await changeStatus(work, booking, { to: 'in_progress' })
  await work.tx.lesson.upsert({
    where: { bookingId: id },
    create: {
      orgId: work.orgId,
      bookingId: id,
      instructorId: booking.instructorId,
      studentId: booking.studentId,
      startedAt: now,
      createdAt: now,
    },
    update: { startedAt: now, instructorId: booking.instructorId },
    select: { id: true },
  })
  return begun
}
