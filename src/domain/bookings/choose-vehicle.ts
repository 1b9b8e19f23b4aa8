import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { invalid } from '../../core/errors.ts'
import type { Plan } from '../availability/eligibility.ts'
import { lockVehicle } from './lock-calendars.ts'

interface Choice {
  /** The car that was asked for; default the instructor's own. */
  readonly vehicleId?: string | null | undefined
  /** The booking that moves: it does not stand in its own way. */
  readonly moving?: string | undefined
}

/**
 * The car of a lesson: the one asked for, or the one that goes with the instructor and the service if it is free then.
 * @returns its id, or null when the school has none for it
 * @throws AppError Invalid for a car that is not the school's, is out of use or has the other gearbox
 */
export async function chooseVehicle(
  work: UnitOfWork,
  plan: Plan,
  { vehicleId, moving }: Choice = {},
): Promise<string | null> {
  const chosen = vehicleId ? await requireUsable(work, plan.service, vehicleId) : await usual(work, plan, moving)
  if (chosen) await lockVehicle(work, chosen)
  return chosen
}

/** @returns its id @throws AppError Invalid for a car that is not the school's, is out of use or has the other gearbox */
export async function requireUsable(work: UnitOfWork, service: Plan['service'], id: string): Promise<string> {
  const vehicle = await work.tx.vehicle.findFirst({ where: { id, orgId: work.orgId } })
  if (!vehicle) throw invalid("This vehicle is not one of your school's. Choose one from the list.", 'vehicleId')
  if (!vehicle.active) throw invalid(`${vehicle.rego} is out of use. Choose another vehicle.`, 'vehicleId')
  if (service.transmission && vehicle.transmission !== service.transmission)
    throw invalid(
      `${vehicle.rego} is ${vehicle.transmission}, and this lesson is ${service.transmission}. Choose another vehicle.`,
      'vehicleId',
    )
  return vehicle.id
}

async function usual(
  work: UnitOfWork,
  { instructor, service, startAt, endAt }: Plan,
  moving: string | undefined,
): Promise<string | null> {
  const inUse = {
    status: { notIn: ['draft' as const, 'cancelled' as const] },
    startAt: { lt: endAt },
    endAt: { gt: startAt },
    ...(moving ? { id: { not: moving } } : {}),
  }
  const vehicle = await work.tx.vehicle.findFirst({
    where: {
      orgId: work.orgId,
      active: true,
      defaultInstructorId: instructor.id,
      bookings: { none: inUse },
      ...(service.transmission ? { transmission: service.transmission } : {}),
    },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  return vehicle?.id ?? null
}
