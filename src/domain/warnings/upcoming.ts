import type { BookingStatus, Prisma } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import type { Concern } from '../../core/declaration.ts'
import { formatInstant } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** Bookings that hold a slot and have not begun. */
const AHEAD: readonly BookingStatus[] = ['requested', 'pending_payment', 'confirmed', 'scheduled']

const selected = {
  id: true,
  instructorId: true,
  serviceId: true,
  status: true,
  startAt: true,
  endAt: true,
  priceCents: true,
  currency: true,
  student: { select: { fullName: true } },
} satisfies Prisma.BookingSelect

export type Upcoming = Prisma.BookingGetPayload<{ select: typeof selected }>

/** Lessons that are still to come, the soonest first. */
export async function upcomingLessons(work: UnitOfWork, where: Prisma.BookingWhereInput = {}): Promise<Upcoming[]> {
  return await work.tx.booking.findMany({
    where: { status: { in: [...AHEAD] }, ...where, orgId: work.orgId, startAt: { gt: nowOf(work) } },
    orderBy: [{ startAt: 'asc' }, { id: 'asc' }],
    select: selected,
  })
}

/** "Mia Khan, Tue 24 Nov, 15:30", and what a change means for that lesson. */
export const concernOf = ({ id, student, startAt }: Upcoming, timeZone: string, why: string): Concern => ({
  id,
  title: `${student.fullName}, ${formatInstant(startAt, timeZone)}`,
  why,
})
