import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { compose, schoolOf, type Written } from './compose.ts'
import { lessonFacts } from './lesson-facts.ts'
import { learnerOf, learnerOrPayers } from './people.ts'

const HOUR = 3_600_000
/** Elapsed hours: over a change of clocks it is an hour more or less on the wall. */
const BEFORE_START = 24 * HOUR
/** Who has just been told the time needs no reminder of it yet. */
const FRESH = 6 * HOUR

const causeOf = (booking: { id: string; startAt: Date }): string =>
  `reminder:${booking.id}:${booking.startAt.toISOString()}`

/** Reminds of the lessons of the next 24 hours, each learner once of each time: a lesson that is moved is a new time. */
export async function remindOfLessons(work: UnitOfWork): Promise<Written[]> {
  const { tx, orgId } = work
  const now = nowOf(work)
  const ahead = await tx.booking.findMany({
    where: {
      orgId,
      status: { in: ['confirmed', 'scheduled'] },
      startAt: { gt: now, lte: new Date(now.getTime() + BEFORE_START) },
    },
    orderBy: [{ startAt: 'asc' }, { id: 'asc' }],
    select: { id: true, startAt: true, studentId: true, statusChangedAt: true, rescheduledAt: true },
  })
  const due = ahead.filter(({ statusChangedAt, rescheduledAt }) => !isFresh(now, statusChangedAt, rescheduledAt))
  const reminded = await remindedOf(work, due)
  const { timeZone } = await schoolOf(work)
  const written: Written[] = []
  for (const { id, startAt, studentId } of due) {
    if (reminded.some((key) => key.startsWith(`${causeOf({ id, startAt })}:`))) continue
    const learner = await learnerOf(work, studentId)
    const told = await lessonFacts(work, { bookingId: id, timeZone, now })
    if (!learner || !told) continue
    written.push(
      ...(await compose(work, {
        kind: 'booking_reminder',
        cause: causeOf({ id, startAt }),
        to: (channel) => learnerOrPayers(learner, channel),
        values: told.values,
        about: { model: 'Booking', id },
        bookingId: id,
        studentId,
        startsAt: startAt,
        expiresAt: startAt,
      })),
    )
  }
  return written
}

const isFresh = (now: Date, ...changes: (Date | null)[]): boolean =>
  changes.some((at) => at !== null && now.getTime() - at.getTime() < FRESH)

async function remindedOf({ tx, orgId }: UnitOfWork, bookings: readonly { id: string }[]): Promise<string[]> {
  const rows = await tx.message.findMany({
    where: {
      orgId,
      relatedType: 'Booking',
      relatedId: { in: bookings.map(({ id }) => id) },
      templateKey: 'booking_reminder',
    },
    select: { dedupeKey: true },
  })
  return rows.flatMap(({ dedupeKey }) => dedupeKey ?? [])
}

/**
 * A reminder that waited is looked at once more before it goes.
 * @returns why it is not sent any more, in a sentence; null when it still holds
 */
export async function noLongerTrue(
  { tx, orgId }: UnitOfWork,
  message: { templateKey: string; bookingId: string | null; dedupeKey: string | null },
): Promise<string | null> {
  if (message.templateKey !== 'booking_reminder' || !message.bookingId) return null
  const booking = await tx.booking.findFirst({
    where: { id: message.bookingId, orgId },
    select: { id: true, startAt: true, status: true },
  })
  if (!booking || !['confirmed', 'scheduled'].includes(booking.status))
    return 'The lesson is off, so nobody is reminded.'
  if (message.dedupeKey?.startsWith('reminder:') && !message.dedupeKey.startsWith(`${causeOf(booking)}:`))
    return 'The lesson has moved: its new time gets a reminder of its own.'
  return null
}
