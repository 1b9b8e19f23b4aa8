import type { UnitOfWork } from '../../core/unit-of-work.ts'

interface Calendars {
  readonly studentIds?: readonly string[]
  readonly instructorIds?: readonly string[]
}

/**
 * Makes those who book for the same learner or instructor wait for each other, until the end of the transaction: what is
 * then read of their days (lessons a day, ways, free time) still holds when it is written. Always learners first and then
 * instructors, each in the order of their ids, so that nobody waits in a circle. That two lessons never overlap is the
 * database's own rule and needs no lock.
 */
export async function lockCalendars(
  work: UnitOfWork,
  { studentIds = [], instructorIds = [] }: Calendars,
): Promise<void> {
  if (studentIds.length > 0)
    await work.tx.$queryRaw`SELECT 1 FROM "Student"
      WHERE "orgId" = ${work.orgId}::uuid AND id = ANY (${[...studentIds]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`
  if (instructorIds.length > 0)
    await work.tx.$queryRaw`SELECT 1 FROM "Instructor"
      WHERE "orgId" = ${work.orgId}::uuid AND id = ANY (${[...instructorIds]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`
}

/** The car is chosen last, and waits for others who want it. */
export async function lockVehicle(work: UnitOfWork, vehicleId: string): Promise<void> {
  await work.tx.$queryRaw`SELECT 1 FROM "Vehicle"
    WHERE "orgId" = ${work.orgId}::uuid AND id = ${vehicleId}::uuid FOR NO KEY UPDATE`
}
