import type { TestDatabase } from '../support/database.ts'

const FACTS = `SELECT to_char(t."occurredAt", 'MM-DD HH24:MI') || ' ' || t.kind || ' ' || t."refId" || ': ' ||
    string_agg(e.account || ' ' || e."amountCents", ', ' ORDER BY e.id) AS line
  FROM "LedgerTransaction" t JOIN "LedgerEntry" e ON e."transactionId" = t.id
 WHERE t."refId" = $1 OR e."bookingId"::text = $1
    OR e."bookingId" IN (SELECT "bookingId" FROM "Payment" WHERE id::text = $1
      UNION SELECT "bookingId" FROM "Payout" WHERE id::text = $1 UNION SELECT "bookingId" FROM "Refund" WHERE id::text = $1)
 GROUP BY t.id ORDER BY t.id`
const ROWS = `WITH lesson AS (SELECT $1 AS id UNION SELECT "bookingId"::text FROM "Payment" WHERE id::text = $1
      UNION SELECT "bookingId"::text FROM "Payout" WHERE id::text = $1 UNION SELECT "bookingId"::text FROM "Refund" WHERE id::text = $1)
  SELECT 'Booking ' || status || ' ' || "cancelledAs" AS line FROM "Booking" WHERE id::text IN (SELECT id FROM lesson)
  UNION ALL SELECT concat_ws(' ', 'Payment', id, method, status, "amountCents", 'back', "refundedCents") FROM "Payment"
    WHERE "bookingId"::text IN (SELECT id FROM lesson)
  UNION ALL SELECT concat_ws(' ', 'Refund', id, method, status, "amountCents", "stripeRefundId", note) FROM "Refund"
    WHERE "bookingId"::text IN (SELECT id FROM lesson)
  UNION ALL SELECT concat_ws(' ', 'Payout', id, kind, status, "amountCents", 'netted', "nettedCents", 'back', "reversedCents", "holdReason")
    FROM "Payout" WHERE "bookingId"::text IN (SELECT id FROM lesson)
  UNION ALL SELECT concat_ws(' ', 'Reversal', r.id, r.status, r."amountCents", r."failureCode") FROM "TransferReversal" r
    JOIN "Payout" p ON p.id = r."payoutId" WHERE p."bookingId"::text IN (SELECT id FROM lesson)
  UNION ALL SELECT concat_ws(' ', 'Dispute', d.id, d.status, d."amountCents") FROM "Dispute" d
    JOIN "Payment" p ON p.id = d."paymentId" WHERE p."bookingId"::text IN (SELECT id FROM lesson)
  UNION ALL SELECT concat_ws(' ', to_char("createdAt", 'MM-DD HH24:MI'), "fromStatus", '->', "toStatus", reason) FROM "LessonStateHistory"
    WHERE "bookingId"::text IN (SELECT id FROM lesson)`

const CHANGES = `SELECT concat_ws(' ', a.action, a."entityId", a.after::text) AS line FROM "AuditLog" a
  WHERE a."entityId" = $1 OR a."entityId" IN (SELECT id::text FROM "Payout" WHERE "bookingId"::text = $1
    UNION SELECT d.id::text FROM "Dispute" d JOIN "Payment" p ON p.id = d."paymentId" WHERE p."bookingId"::text = $1)
  ORDER BY a.id`

/** Everything that happened to the money of the rows that a fault names, for who looks for its cause. */
export async function storyOf(test: Pick<TestDatabase, 'console'>, faults: readonly string[]): Promise<string> {
  const ids = [...new Set(faults.flatMap((fault) => fault.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []))]
  const parts = []
  for (const id of ids.slice(0, 3)) {
    const lines = []
    for (const text of [ROWS, FACTS, CHANGES]) lines.push(...(await test.console('superuser', text, [id])))
    parts.push([id, ...lines.map(({ line }) => `  ${String(line)}`)].join('\n'))
  }
  return parts.join('\n')
}
