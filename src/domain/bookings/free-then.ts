import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { constraintSentence } from '../../core/constraints.ts'
import { AppError } from '../../core/errors.ts'
import { requireUsable } from './choose-vehicle.ts'
import { lockVehicle } from './lock-calendars.ts'
import type { Prospect } from './plan-lesson.ts'

interface Stretch {
  readonly from: Date
  readonly to: Date
}
interface Times {
  readonly startAt: Date
  readonly endAt: Date
}

const overlaps = (lessons: readonly Times[], { startAt, endAt }: Times): boolean =>
  lessons.some((one) => one.startAt < endAt && startAt < one.endAt)

/** As the database itself would refuse it. */
function taken(code: 'booking_student_free' | 'booking_vehicle_free'): AppError {
  const { field, message = 'This overlaps with another one.' } = constraintSentence(code)!
  return new AppError('Conflict', message, { code, field })
}

const taking = (orgId: string, { from, to }: Stretch) => ({
  orgId,
  status: { notIn: ['draft' as const, 'cancelled' as const] },
  startAt: { lt: to },
  endAt: { gt: from },
})

/** @returns a question about any time of the stretch, which throws AppError Conflict when the learner has a lesson then */
export async function requireLearnerFree(
  work: UnitOfWork,
  studentId: string,
  stretch: Stretch,
): Promise<(times: Times) => void> {
  const lessons = await work.tx.booking.findMany({
    where: { ...taking(work.orgId, stretch), studentId },
    select: { startAt: true, endAt: true },
  })
  return (times) => {
    if (overlaps(lessons, times)) throw taken('booking_student_free')
  }
}

/**
 * The cars of lessons at some times: the one that is named, or one that goes with the instructor and the service.
 * @returns a question about any time of the stretch: a car's id, or null when the school has none free for it; it throws
 *   AppError when the car that was named is in use then, or cannot be used at all
 */
export async function carsFor(
  work: UnitOfWork,
  people: Pick<Prospect, 'service' | 'instructor'>,
  { vehicleId, ...stretch }: Stretch & { readonly vehicleId: string | null },
): Promise<(times: Times) => string | null> {
  const usable = vehicleId ? await named(work, people.service, vehicleId) : await usual(work, people)
  if (usable instanceof AppError)
    return () => {
      throw usable
    }
  for (const id of usable) await lockVehicle(work, id)
  const lessons = await work.tx.booking.findMany({
    where: { ...taking(work.orgId, stretch), vehicleId: { in: usable } },
    select: { vehicleId: true, startAt: true, endAt: true },
  })
  return (times) => {
    const isFree = (id: string) =>
      !overlaps(
        lessons.filter((one) => one.vehicleId === id),
        times,
      )
    const free = usable.find(isFree) ?? null
    if (vehicleId && !free) throw taken('booking_vehicle_free')
    return free
  }
}

async function named(work: UnitOfWork, service: Prospect['service'], id: string): Promise<string[] | AppError> {
  try {
    return [await requireUsable(work, service, id)]
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

async function usual(
  { orgId, tx }: UnitOfWork,
  { service, instructor }: Pick<Prospect, 'service' | 'instructor'>,
): Promise<string[]> {
  const vehicles = await tx.vehicle.findMany({
    where: {
      orgId,
      active: true,
      defaultInstructorId: instructor.id,
      ...(service.transmission ? { transmission: service.transmission } : {}),
    },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  return vehicles.map(({ id }) => id)
}
