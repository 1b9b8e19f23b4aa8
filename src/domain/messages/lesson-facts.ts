import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Scalars } from '../../core/declaration.ts'
import { formatMoney } from '../../core/money.ts'
import { formatInstant } from '../../core/time.ts'
import type { Values } from './wording.ts'

/** When and by whom a lesson is given, as an event told it. */
export interface Slot {
  readonly startAt: Date
  readonly endAt: Date
  readonly instructorId: string
}

export interface LessonFacts {
  readonly booking: Scalars<'Booking'>
  readonly values: Values
  readonly place: string | null
  readonly serviceName: string
  readonly instructorName: string
}

/**
 * What can be said of a lesson, by the school's clocks and in its money.
 * @param slot as it was when the event happened: later events tell of later changes themselves
 */
export async function lessonFacts(
  work: UnitOfWork,
  { bookingId, slot, timeZone, now }: { bookingId: string; slot?: Slot; timeZone: string; now: Date },
): Promise<LessonFacts | null> {
  const { tx, orgId } = work
  const found = await tx.booking.findFirst({
    where: { id: bookingId, orgId },
    include: {
      student: { select: { fullName: true } },
      instructor: { select: { id: true, displayName: true } },
      service: { select: { name: true } },
      location: { select: { name: true, address: true } },
    },
  })
  if (!found) return null
  const { student, instructor, service, location, ...booking } = found
  const { startAt, endAt, instructorId } = slot ?? booking
  const instructorName =
    instructorId === instructor.id
      ? instructor.displayName
      : ((await tx.instructor.findFirst({ where: { id: instructorId, orgId }, select: { displayName: true } }))
          ?.displayName ?? '')
  const place = booking.pickupAddress ?? (location && [location.name, location.address].filter(Boolean).join(', '))
  const when = formatInstant(startAt, timeZone, now)
  const [day = '', time = ''] = when.split(', ')
  return {
    booking,
    place,
    serviceName: service.name,
    instructorName,
    values: {
      student: student.fullName,
      instructor: instructorName,
      service: service.name,
      when,
      day,
      time,
      minutes: String(Math.round((endAt.getTime() - startAt.getTime()) / 60_000)),
      place: place ?? 'as agreed with your instructor',
      price: formatMoney(booking.priceCents, booking.currency),
    },
  }
}
