import { type Context, nowOf } from '../../core/context.ts'
import type { Sum } from './compare.ts'
import { findingOf } from './record-run.ts'

interface Unplaced {
  readonly subject: string
  readonly sum: Sum
  readonly from: Date
}

/**
 * Writes down the money at Stripe that no school's row knows, for the people of the platform; what has found its school
 * meanwhile is gone.
 * @param seen every object that was looked at
 */
export async function recordUnplaced(ctx: Context, lines: readonly Unplaced[], seen: readonly string[]): Promise<void> {
  const findings = lines.flatMap(({ subject, sum, from }) =>
    findingOf({ subject, row: null, stripe: sum, ledger: null, at: from, isAgain: false }, 'UTC'),
  )
  const now = nowOf(ctx)
  await ctx.db.asWorker(async (query) => {
    for (const { kind, subject, day, description, currency, stripeCents, stripeFeeCents, differenceCents } of findings)
      await query(
        `INSERT INTO "ReconciliationException" (kind, subject, day, description, currency, "stripeCents", "stripeFeeCents",
           "differenceCents", "lastSeenAt", "createdAt")
         VALUES ($1::text::"ReconciliationKind", $2, $3, $4, $5, $6, $7, $8, $9, $9)
         ON CONFLICT ("orgId", subject, kind, "stripeCents", "ledgerCents", "stripeFeeCents", "ledgerFeeCents")
         DO UPDATE SET "lastSeenAt" = EXCLUDED."lastSeenAt",
           status = CASE WHEN "ReconciliationException".status = 'explained' THEN 'explained' ELSE 'open' END::"ReconciliationStatus"`,
        [kind, subject, day, description, currency, stripeCents, stripeFeeCents, differenceCents, now],
      )
    await query(
      `UPDATE "ReconciliationException" SET status = 'gone', "lastSeenAt" = $1
        WHERE "orgId" IS NULL AND status = 'open' AND "lastSeenAt" < $1 AND subject = ANY ($2)`,
      [now, seen],
    )
  })
}
