import { randomUUID } from 'node:crypto'
import type { Row, School } from './database.ts'

const HOUR_MS = 3_600_000
const EARNED = 7225

type Values = Readonly<Record<string, unknown>>

/** An instructor who can be paid. */
export async function readyToPay(school: School): Promise<void> {
  await school.change('Instructor', school.instructorId, {
    stripeAccountId: `acct_${randomUUID()}`,
    stripeOnboardingStatus: 'complete',
  })
}

/** A lesson that was given and paid by card long enough ago, earned in the books, with its payout. */
export async function earnedLesson(school: School, values: Values = {}, paidBy: Values = {}): Promise<Row> {
  const { id: bookingId } = await school.booking({ status: 'completed' })
  const stripeChargeId = `ch_${randomUUID()}`
  const payment = await school.payment({ bookingId, stripeChargeId, ...paidBy })
  const { instructorId } = school
  await posted(school, { kind: 'payment.succeeded', of: 'Payment', id: payment.id, bookingId }, [
    ['stripe_balance', 8500, null],
    ['unearned_lessons', -8500, null],
  ])
  await posted(school, { kind: 'lesson.completed', of: 'Booking', id: bookingId, bookingId }, [
    ['unearned_lessons', 8500, null],
    ['platform_fee', EARNED - 8500, null],
    ['instructor_payable', -EARNED, instructorId],
  ])
  const availableAt = new Date(Date.now() - HOUR_MS)
  const own = { instructorId, bookingId, paymentId: payment.id, amountCents: EARNED, availableAt }
  return await school.add('Payout', { ...own, ...values })
}

type Entry = readonly [account: string, cents: number, instructorId: string | null]

async function posted(
  school: School,
  fact: { kind: string; of: string; id: string; bookingId: string },
  entries: readonly Entry[],
): Promise<void> {
  await school.transaction(async (run) => {
    const [row] = await run(
      `INSERT INTO "LedgerTransaction" ("orgId", kind, "refType", "refId", "idempotencyKey", "occurredAt")
       VALUES ($1, $2, $3, $4, $5, now()) RETURNING id`,
      [school.orgId, fact.kind, fact.of, fact.id, `${fact.kind}:${fact.id}`],
    )
    for (const [account, cents, instructorId] of entries)
      await run(
        `INSERT INTO "LedgerEntry" ("orgId", "transactionId", account, "instructorId", "bookingId", currency, "amountCents")
         VALUES ($1, $2, $3, $4, $5, 'AUD', $6)`,
        [school.orgId, row!.id, account, instructorId, fact.bookingId, cents],
      )
  })
}
