import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Scalars } from '../../core/declaration.ts'
import { conflict, notFound } from '../../core/errors.ts'
import { lockBooking } from '../bookings/change-status.ts'

/** The lesson that is being driven; it cannot end before the transaction does. @throws AppError NotFound, or Conflict when it does not run */
export async function runningLesson(work: UnitOfWork, id: string): Promise<Scalars<'Lesson'> & { startedAt: Date }> {
  const found = await work.tx.lesson.findFirst({ where: { id, orgId: work.orgId }, select: { bookingId: true } })
  if (!found) throw notFound('There is no such lesson in your school.')
  const { status } = await lockBooking(work, found.bookingId)
  const lesson = await work.tx.lesson.findFirstOrThrow({ where: { id, orgId: work.orgId } })
  if (status !== 'in_progress' || !lesson.startedAt || lesson.endedAt)
    throw conflict('The lesson is not under way: positions are recorded from its start to its end only.')
  return { ...lesson, startedAt: lesson.startedAt }
}
