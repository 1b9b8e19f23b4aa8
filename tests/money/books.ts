import type { State } from '../../src/services/stripe-simulator/state.ts'
import type { TestDatabase } from '../support/database.ts'
import { differencesFromStripe } from './against-stripe.ts'

// What must be true of everybody's money after anything at all: asked of the whole database, whatever the school.

/** Each statement finds the rows for which its sentence does not hold. */
const LAWS: Readonly<Record<string, string>> = {
  'each fact of the ledger adds up to zero in each currency': `
    SELECT t.id::text FROM "LedgerTransaction" t LEFT JOIN "LedgerEntry" e ON e."transactionId" = t.id
     GROUP BY t.id, e.currency HAVING coalesce(sum(e."amountCents"), 0) <> 0 OR count(e.id) < 2`,
  'fee and share are the price': `
    SELECT id::text FROM "Booking" WHERE "priceCents" <> "platformFeeCents" + "instructorShareCents"
    UNION ALL SELECT id::text FROM "Payment" WHERE "amountCents" <> "platformFeeCents" + "instructorShareCents"
    UNION ALL SELECT id::text FROM "Refund" WHERE "amountCents" <> "platformFeeCents" + "instructorShareCents"`,
  'no more is given back than was paid': `
    SELECT p.id::text FROM "Payment" p JOIN "Refund" r ON r."paymentId" = p.id
     WHERE r.status NOT IN ('failed', 'rejected', 'canceled') GROUP BY p.id HAVING sum(r."amountCents") > p."amountCents"`,
  'fee and share give back no more than they got': `
    SELECT p.id::text FROM "Payment" p JOIN "Refund" r ON r."paymentId" = p.id
     WHERE r.status NOT IN ('failed', 'rejected', 'canceled') GROUP BY p.id
    HAVING sum(r."platformFeeCents") > p."platformFeeCents" OR sum(r."instructorShareCents") > p."instructorShareCents"`,
  'a payment knows what was given back': `
    SELECT p.id::text FROM "Payment" p WHERE p."refundedCents" <>
      (SELECT coalesce(sum(r."amountCents"), 0) FROM "Refund" r WHERE r."paymentId" = p.id AND r.status = 'succeeded')`,
  'the status of a payment says how much was given back': `
    SELECT id::text FROM "Payment" WHERE status IN ('succeeded', 'partially_refunded', 'refunded')
       AND status::text <> CASE "refundedCents" WHEN 0 THEN 'succeeded' WHEN "amountCents" THEN 'refunded' ELSE 'partially_refunded' END`,
  'a lesson is paid once': `
    SELECT "bookingId"::text AS id FROM "Payment" WHERE purpose = 'lesson' AND "bookingId" IS NOT NULL
       AND status NOT IN ('failed', 'canceled') GROUP BY "bookingId" HAVING count(*) > 1`,
  'what was received is in the books, and nothing else': `
    SELECT p.id::text FROM "Payment" p WHERE (p.status IN ('succeeded', 'partially_refunded', 'refunded')) <>
      EXISTS (SELECT FROM "LedgerTransaction" t WHERE t."refId" = p.id::text AND t.kind = 'payment.succeeded')`,
  'a refund that is agreed and not yet paid stands in the books, others do not': `
    SELECT r.id::text FROM "Refund" r WHERE coalesce((SELECT sum(e."amountCents") FROM "LedgerEntry" e
        JOIN "LedgerTransaction" t ON t.id = e."transactionId" WHERE t."refId" = r.id::text AND e.account = 'refunds'), 0)
      <> CASE WHEN r.status IN ('approved', 'submitting', 'unknown', 'pending', 'requires_action') THEN -r."amountCents" ELSE 0 END`,
  'a refund is approved by another than who asked for it': `
    SELECT id::text FROM "Refund" WHERE "approvedById" = "requestedById"`,
  'a dispute that is open stands in the books, others do not': `
    SELECT d.id::text FROM "Dispute" d WHERE coalesce((SELECT sum(e."amountCents") FROM "LedgerEntry" e
        JOIN "LedgerTransaction" t ON t.id = e."transactionId" WHERE t."refId" = d.id::text AND e.account = 'disputes'), 0)
      <> CASE WHEN d.status IN ('needs_response', 'under_review') THEN d."amountCents" ELSE 0 END`,
  'nothing is earned of a lesson that was not paid for it': `
    SELECT "bookingId"::text AS id FROM "LedgerEntry" WHERE account = 'unearned_lessons' AND "bookingId" IS NOT NULL
     GROUP BY "bookingId" HAVING sum("amountCents") > 0`,
  'each transfer is of a payout whose batch somebody else has approved than who built it': `
    SELECT p.id::text FROM "Payout" p LEFT JOIN "PayoutBatch" b ON b.id = p."batchId"
     WHERE p."stripeTransferId" IS NOT NULL AND (b."approvedById" IS NULL OR b."approvedById" = b."createdById")`,
  'a lesson is paid out once, and no more than its share': `
    SELECT p."bookingId"::text AS id FROM "Payout" p JOIN "Booking" b ON b.id = p."bookingId"
     WHERE p.kind <> 'adjustment' AND p.status <> 'canceled'
     GROUP BY p."bookingId", b."instructorShareCents" HAVING count(*) > 1 OR sum(p."amountCents") > b."instructorShareCents"`,
  'a payout knows what was taken back, which is no more than was transferred': `
    SELECT p.id::text FROM "Payout" p WHERE p."reversedCents" > greatest(p."amountCents" - p."nettedCents", 0) OR p."reversedCents" <>
      (SELECT coalesce(sum(r."amountCents"), 0) FROM "TransferReversal" r WHERE r."payoutId" = p.id AND r.status = 'succeeded')`,
  'the status of a payout says how much was taken back': `
    SELECT id::text FROM "Payout" WHERE status IN ('paid', 'partially_reversed', 'reversed')
       AND status::text <> CASE "reversedCents" WHEN 0 THEN 'paid' WHEN "amountCents" - "nettedCents" THEN 'reversed' ELSE 'partially_reversed' END`,
  'what was transferred is in the books, and nothing else': `
    SELECT p.id::text FROM "Payout" p
     WHERE (p.status IN ('paid', 'partially_reversed', 'reversed') AND p."nettedCents" < p."amountCents") <>
      EXISTS (SELECT FROM "LedgerTransaction" t WHERE t."refId" = p.id::text AND t.kind = 'payout.paid')`,
}

/** Names of jobs and handlers that move money. */
export const ABOUT_MONEY = '^(payment|refund|payout|transfer|reversal|dispute|webhook)'

/** What holds when nobody has anything left to do. */
const REST: Readonly<Record<string, string>> = {
  'no question to Stripe is open': `
    SELECT operation || ' ' || "refId" AS id FROM "StripeCall" WHERE status IN ('pending', 'unknown')`,
  'each event of Stripe is thought about': `
    SELECT "eventType" || ': ' || coalesce("lastError", 'waits') AS id FROM "WebhookEvent" WHERE status IN ('received', 'failed')`,
  'nothing is under way with a refund, a payout or what is taken back': `
    SELECT id::text FROM "Refund" WHERE status IN ('submitting', 'unknown')
    UNION ALL SELECT id::text FROM "Payout" WHERE status IN ('submitting', 'unknown')
    UNION ALL SELECT id::text FROM "TransferReversal" WHERE status IN ('submitting', 'unknown')`,
  'no job about money waits': `
    SELECT name || ' ' || (data ->> 'data') AS id FROM pgboss.job WHERE state < 'completed' AND name ~ '${ABOUT_MONEY}'`,
  'no event about money waits, or was given up': `
    SELECT handler || ' ' || "aggregateId" AS id FROM "OutboxDelivery"
     WHERE status IN ('waiting', 'queued', 'dead') AND handler ~ '${ABOUT_MONEY}'`,
}

export interface Wanted {
  /** Nobody has anything left to do: all jobs are done, and all questions answered. */
  readonly drained?: boolean
  /** Laws that are known not to hold, because the test has seen to it that they do not. */
  readonly except?: readonly string[]
}

/** What is wrong with the books of all schools, by themselves and beside Stripe's. [] when not one cent is lost or doubled. */
export async function faultsInBooks(
  test: Pick<TestDatabase, 'console'>,
  state: State,
  { drained = true, except = [] }: Wanted = {},
): Promise<string[]> {
  const laws = Object.entries(drained ? { ...LAWS, ...REST } : LAWS).filter(([law]) => !except.includes(law))
  const each = laws.map(([, statement], index) => `SELECT ${index} AS law, found.id FROM (${statement}) AS found`)
  const broken = await test.console('superuser', each.join('\nUNION ALL '))
  const inside = broken.map(({ law, id }) => `${laws[Number(law)]![0]}: not ${id}`)
  return [...inside, ...(await differencesFromStripe(test, state))]
}
