import { nowOf } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/** Days of lessons by the school's calendar, both included; everything when neither is said. */
export interface Period {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** A payout that waits for a batch, and whether it could be in one. */
export interface Candidate {
  readonly id: string
  readonly instructorId: string
  readonly instructor: string
  readonly currency: string
  readonly amountCents: number
  /** Of the lesson, as `yyyy-mm-dd` in the school's zone; of an adjustment the day it was made. */
  readonly day: string
  /** The money of the lesson is at Stripe, under its own charge. */
  readonly isFromCard: boolean
  /** Why it cannot be paid now, in a sentence. */
  readonly obstacle: string | null
}

/** Everything that is owed and in no batch, the oldest first; locked until the end of the transaction. */
export async function candidates(
  { tx, orgId, ...ctx }: UnitOfWork,
  { from, to }: Period,
  only: readonly string[] | null = null,
): Promise<Candidate[]> {
  const now = nowOf({ orgId, ...ctx })
  return await tx.$queryRaw<Candidate[]>`
    SELECT * FROM (
      SELECT p.id, p."instructorId", i."displayName" AS instructor, p.currency, p."amountCents",
             to_char(coalesce(b."startAt", p."createdAt") AT TIME ZONE o."timeZone", 'YYYY-MM-DD') AS day,
             coalesce(m.method = 'card' AND m."stripeChargeId" IS NOT NULL AND p.kind <> 'adjustment', false) AS "isFromCard",
             payout_obstacle(p, ${now}) AS obstacle
        FROM "Payout" p
        JOIN "Org" o ON o.id = p."orgId"
        JOIN "Instructor" i ON i.id = p."instructorId" AND i."orgId" = p."orgId"
        LEFT JOIN "Booking" b ON b.id = p."bookingId" AND b."orgId" = p."orgId"
        LEFT JOIN "Payment" m ON m.id = p."paymentId" AND m."orgId" = p."orgId"
       WHERE p."orgId" = ${orgId}::uuid AND p.status IN ('pending', 'held') AND p."batchId" IS NULL
         AND (${only as string[] | null}::uuid[] IS NULL OR p.id = ANY (${only as string[] | null}::uuid[]))
       ORDER BY p.id FOR UPDATE OF p
    ) waiting
     WHERE (${from ?? null}::text IS NULL OR day >= ${from ?? null}) AND (${to ?? null}::text IS NULL OR day <= ${to ?? null})
     ORDER BY day, id`
}
