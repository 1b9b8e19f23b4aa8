import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { AppError } from '../../core/errors.ts'
import { dayBounds, formatInstant } from '../../core/time.ts'
import { rulesOf } from '../school.ts'
import { attempt, sentenceOf } from '../savepoint.ts'
import { lockCalendars } from './lock-calendars.ts'
import { rescheduleBooking } from './reschedule-booking.ts'

export interface DayOff {
  readonly instructorId: string
  /** Local day of the school, `yyyy-mm-dd`. */
  readonly day: string
  readonly reason: string
}

export interface Reassigned {
  readonly moved: readonly { bookingId: string; title: string; to: string }[]
  /** Lessons that nobody else can give then, with the reason: to be moved or cancelled by hand. */
  readonly left: readonly { bookingId: string; title: string; why: string }[]
}

/**
 * Gives the lessons of an instructor's day to colleagues who are free at the same time, one by one: each move is valid, or
 * the lesson is listed with the reason why nobody could take it. Prices and times stay.
 */
export async function reassignDay(work: UnitOfWork, { instructorId, day, reason }: DayOff): Promise<Reassigned> {
  const { orgId } = work
  const rules = await rulesOf(work)
  const [from, to] = dayBounds(day, rules.timeZone)
  const colleagues = await work.tx.instructor.findMany({
    where: { orgId, active: true, id: { not: instructorId } },
    orderBy: { displayName: 'asc' },
    select: { id: true, displayName: true },
  })
  const studentIds = await lockLessons(work, { instructorId, from, to })
  // all at once and in order: two days that are given away at the same moment do not wait for each other in a circle
  await lockCalendars(work, { studentIds, instructorIds: [instructorId, ...colleagues.map(({ id }) => id)] })
  const lessons = await work.tx.booking.findMany({
    where: {
      orgId,
      instructorId,
      startAt: { gte: from, lt: to },
      status: { in: ['pending_payment', 'requested', 'confirmed', 'scheduled'] },
    },
    orderBy: { startAt: 'asc' },
    include: { student: { select: { fullName: true } } },
  })
  const moved: { bookingId: string; title: string; to: string }[] = []
  const left: { bookingId: string; title: string; why: string }[] = []
  for (const lesson of lessons) {
    const title = `${lesson.student.fullName}, ${formatInstant(lesson.startAt, rules.timeZone)}`
    const taken = await firstWhoCan(work, { id: lesson.id, startAt: lesson.startAt, reason }, colleagues)
    if ('by' in taken) moved.push({ bookingId: lesson.id, title, to: taken.by })
    else left.push({ bookingId: lesson.id, title, why: taken.why })
  }
  return { moved, left }
}

/** @returns the learners of the lessons that nobody else can change now */
async function lockLessons(
  { tx, orgId }: UnitOfWork,
  { instructorId, from, to }: { instructorId: string; from: Date; to: Date },
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ studentId: string }[]>`SELECT "studentId" FROM "Booking"
    WHERE "orgId" = ${orgId}::uuid AND "instructorId" = ${instructorId}::uuid
      AND "startAt" >= ${from} AND "startAt" < ${to} ORDER BY id FOR UPDATE`
  return rows.map(({ studentId }) => studentId)
}

interface Lesson {
  readonly id: string
  readonly startAt: Date
  readonly reason: string
}

async function firstWhoCan(
  work: UnitOfWork,
  { id, startAt, reason }: Lesson,
  colleagues: readonly { id: string; displayName: string }[],
): Promise<{ by: string } | { why: string }> {
  let why = 'There is no other instructor.'
  for (const colleague of colleagues) {
    try {
      await attempt(work, () => rescheduleBooking(work, id, { startAt, instructorId: colleague.id, reason }))
      return { by: colleague.displayName }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      why = sentenceOf(error)
    }
  }
  return { why }
}
