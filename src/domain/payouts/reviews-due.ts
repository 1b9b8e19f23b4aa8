import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** The lessons whose payouts have been reviewed long enough, the longest due first. */
export async function reviewsDue({ tx, orgId }: UnitOfWork, now: Date, most: number): Promise<string[]> {
  const found = await tx.$queryRaw<{ bookingId: string }[]>`
    SELECT DISTINCT "bookingId", "availableAt" FROM "Payout"
     WHERE "orgId" = ${orgId}::uuid AND "holdKind" = 'review' AND status = 'held' AND "availableAt" <= ${now} AND "bookingId" IS NOT NULL
     ORDER BY "availableAt" LIMIT ${most}`
  return found.map(({ bookingId }) => bookingId)
}
