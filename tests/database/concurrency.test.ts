import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cloneDatabase, school, type School, type TestDatabase } from '../support/database.ts'

// Many connections at the same moment: what one transaction cannot see of another must not be a way around a rule.

let db: TestDatabase
let harbour: School
beforeAll(async () => {
  db = await cloneDatabase()
  harbour = await school(db)
})
afterAll(() => db.drop())

/** Runs all at once; how many came through, and the names of the rules that refused the others. */
async function race(writes: Promise<unknown>[]): Promise<{ done: number; refusals: Set<unknown> }> {
  const results = await Promise.allSettled(writes)
  const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  return {
    done: results.length - refusals.length,
    refusals: new Set(refusals.map((one) => one.constraint ?? one.code)),
  }
}

test('twenty callers for one slot get one booking', async () => {
  const startAt = new Date('2032-03-01T03:00:00Z')
  const { done, refusals } = await race(Array.from({ length: 20 }, () => harbour.booking({ startAt })))
  expect(done).toBe(1)
  // PostgreSQL may break a circle of waiting inserts by ending one of them
  expect([...refusals].every((rule) => ['booking_instructor_free', '40P01'].includes(rule as string))).toBe(true)
})

const REFUND = `INSERT INTO "Refund" ("orgId", "paymentId", "amountCents", "platformFeeCents", "instructorShareCents",
    "reasonCode", reason, "idempotencyKey") VALUES ($1, $2, 6000, 0, 6000, 'goodwill', 'late', $3)`

test.for(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'])(
  'ten people who refund more than half of one payment get one refund (%s)',
  async (isolation) => {
    const { id } = await harbour.payment()
    const refundAt = () =>
      harbour.transaction(async (run) => {
        await run('COMMIT')
        await run(`BEGIN ISOLATION LEVEL ${isolation}`)
        await run(`SELECT set_config('app.org_id', $1, true)`, [harbour.orgId])
        await run(REFUND, [harbour.orgId, id, randomUUID()])
      })
    const { done, refusals } = await race(Array.from({ length: 10 }, refundAt))
    expect(done).toBe(1)
    expect([...refusals].every((rule) => ['refund_cap', '40001'].includes(rule as string))).toBe(true)
  },
)

test('a payout cannot slip into a batch that is being submitted', async () => {
  const { finance: createdById } = harbour.people
  const period = { periodStart: '2031-01-06', periodEnd: '2031-01-12' }
  const batch = await harbour.add('PayoutBatch', { number: 1, ...period, createdById })
  const { instructorId } = harbour
  const bookings = await Promise.all(Array.from({ length: 5 }, () => harbour.booking()))
  const payouts = bookings.map(({ id: bookingId }) =>
    harbour.add('Payout', { instructorId, bookingId, batchId: batch.id, amountCents: 7225, availableAt: new Date() }),
  )
  await race([harbour.change('PayoutBatch', batch.id, { status: 'submitted' }), ...payouts])
  const [state] = await harbour.run(
    `SELECT status, (SELECT count(*)::int FROM "Payout" WHERE "batchId" = b.id) AS lines FROM "PayoutBatch" b WHERE id = $1`,
    [batch.id],
  )
  // whichever came first: an empty batch was submitted, or its total was wrong and it stayed a draft
  expect(state!.status === 'draft' || state!.lines === 0).toBe(true)
})
