import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { seedDemo } from '../../prisma/seed/main.ts'
import { contextOf } from '../../prisma/seed/load.ts'
import type { Person } from '../../prisma/seed/logins.ts'
import { schoolId } from '../../prisma/seed/school.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { models, tenancyOf } from '../../src/core/schema.ts'
import { verifyPassword } from '../../src/http/password.ts'
import { adoptDemo } from '../../src/launch/stripe-demo.ts'
import { reconcile } from '../../src/stripe/reconcile.ts'
import { cloneDatabase, type Row, type TestDatabase } from '../support/database.ts'
import { openStripe, workerOf } from '../support/stripe.ts'

// a Monday, 11:30 in Sydney: the weeks before reach over the change to daylight saving time on 4 October
const NOW = new Date('2026-11-23T00:30:00Z')
const SLUGS = ['harbour-city', 'river-city', 'torrens'] as const

let clone: TestDatabase
let db: Database
let dataDir: string

beforeAll(async () => {
  clone = await cloneDatabase()
  db = await openDatabase(clone.url)
  dataDir = mkdtempSync(join(tmpdir(), 'driveflow-seed-'))
  await seedDemo({ db, dataDir, now: NOW })
  await clone.console('superuser', 'ANALYZE')
}, 240_000)

afterAll(async () => {
  await db.close()
  await clone.drop()
  rmSync(dataDir, { recursive: true })
})

const all = (text: string, values?: unknown[]): Promise<Row[]> => clone.console('superuser', text, values)
const one = async (text: string, values?: unknown[]): Promise<Row> => (await all(text, values))[0]!
const logins = (): (Person & { password: string })[] =>
  JSON.parse(readFileSync(join(dataDir, 'demo-logins.json'), 'utf8'))

/** Every table's number of rows and a checksum of all their columns. */
async function fingerprint(): Promise<Record<string, unknown>> {
  const of = async (model: string) =>
    one(`SELECT count(*), md5(string_agg(t::text, ',' ORDER BY id)) FROM "${model}" t`)
  const names = [...models.keys()]
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await of(name)])))
}

test('starting again, also a week later, adds and changes nothing', async () => {
  const before = await fingerprint()
  await seedDemo({ db, dataDir })
  await seedDemo({ db, dataDir, now: new Date('2026-12-01T00:00:00Z') })
  expect(await fingerprint()).toEqual(before)
})

test('the audit log says that the system wrote all of it', async () => {
  const kinds = await all(`SELECT DISTINCT "actorKind" FROM "AuditLog"`)
  expect(kinds.map((row) => row.actorKind)).toEqual(['system'])
})

test('an interrupted load is completed without doubling anything', async () => {
  const before = await fingerprint()
  // as it is until the last step of a load
  await all(`ALTER TABLE "Org" DISABLE TRIGGER audit`)
  await all(`UPDATE "Org" SET status = 'trial' WHERE id = $1`, [schoolId('torrens')])
  await all(`ALTER TABLE "Org" ENABLE TRIGGER audit`)
  await all(`DELETE FROM "Message" WHERE "orgId" = $1`, [schoolId('torrens')])
  await seedDemo({ db, dataDir, now: new Date('2026-12-01T00:00:00Z') })
  const after = await fingerprint()
  expect({ ...after, AuditLog: null, Org: null }).toEqual({ ...before, AuditLog: null, Org: null })
  expect((await one(`SELECT status FROM "Org" WHERE id = $1`, [schoolId('torrens')])).status).toBe('active')
})

test('the books add up to zero in each school and currency, and every fact by itself', async () => {
  expect(await all(`SELECT "orgId", currency FROM "LedgerEntry" GROUP BY 1, 2 HAVING sum("amountCents") <> 0`)).toEqual(
    [],
  )
  expect(
    await all(`SELECT "transactionId" FROM "LedgerEntry" GROUP BY 1, currency HAVING sum("amountCents") <> 0`),
  ).toEqual([])
  expect(
    await all(`SELECT id FROM "LedgerTransaction" t WHERE NOT EXISTS
    (SELECT FROM "LedgerEntry" e WHERE e."transactionId" = t.id)`),
  ).toEqual([])
})

test('what the books owe instructors is what their open payouts say', async () => {
  const owed = await all(`
    SELECT coalesce(e."instructorId", p."instructorId") AS instructor, e.owed, p.open
      FROM (SELECT "instructorId", -sum("amountCents") AS owed FROM "LedgerEntry"
             WHERE account = 'instructor_payable' GROUP BY 1) e
      FULL JOIN (SELECT "instructorId", sum("amountCents") AS open FROM "Payout"
             WHERE status IN ('pending', 'held', 'batched', 'failed') AND "holdKind" IS DISTINCT FROM 'review'
             GROUP BY 1) p ON p."instructorId" = e."instructorId"`)
  expect(owed.length).toBe(14)
  for (const row of owed) expect(row.owed).toBe(row.open)
})

test('nobody is in two places at once', async () => {
  for (const [who, until] of [
    ['instructorId', 'blockedUntil'],
    ['studentId', 'endAt'],
    ['vehicleId', 'endAt'],
  ]) {
    const clashes = await all(`SELECT a.id, '${who}' AS who FROM "Booking" a JOIN "Booking" b ON a."${who}" = b."${who}"
       AND a.id < b.id AND a."startAt" < b."${until}" AND b."startAt" < a."${until}"
     WHERE a.status NOT IN ('draft', 'cancelled') AND b.status NOT IN ('draft', 'cancelled')`)
    expect(clashes).toEqual([])
  }
})

test('every role of every school can sign in with the password of the file, which is for its owner only', async () => {
  expect(statSync(join(dataDir, 'demo-logins.json')).mode & 0o777).toBe(0o600)
  expect(new Set(logins().map(({ password }) => password)).size).toBe(1)
  expect(logins()[0]!.password.length).toBeGreaterThanOrEqual(20)
  for (const slug of SLUGS) {
    const roles = logins().filter((login) => login.slug === slug)
    expect(roles.map(({ role }) => role).toSorted()).toEqual(
      ['owner', 'admin', 'manager', 'finance', 'compliance', 'instructor', 'student'].toSorted(),
    )
    for (const { email, role } of roles) {
      const user = await one(
        `SELECT password FROM "User" u JOIN "UserOrg" m ON m."userId" = u.id
          WHERE email = $1 AND role = $2::"OrgRole" AND m."orgId" = $3 AND m.status = 'active'`,
        [email, role, schoolId(slug)],
      )
      expect(user.password).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
    }
  }
  const { password } = await one(`SELECT password FROM "User" WHERE email = $1`, [logins()[0]!.email])
  expect(await verifyPassword(password as string, logins()[0]!.password)).toBe(true)
})

test('one finance person works for two schools, and the owner of the smallest is its manager', () => {
  const schoolsOf = (role: string) =>
    Map.groupBy(
      logins().filter((login) => login.role === role),
      ({ email }) => email,
    )
  expect(Math.max(...[...schoolsOf('finance').values()].map(({ length }) => length))).toBe(2)
  const ofTorrens = (role: string) => logins().find((login) => login.slug === 'torrens' && login.role === role)!.email
  expect(ofTorrens('owner')).toBe(ofTorrens('manager'))
})

test('lessons begin on the quarter of an hour by the clock on the wall, before and after daylight saving time begins', async () => {
  for (const zone of ['Australia/Sydney', 'Australia/Adelaide', 'Australia/Brisbane']) {
    for (const [from, until] of [
      ['2026-08-17', '2026-10-04'],
      ['2026-10-04', '2026-12-28'],
    ]) {
      const times = await all(
        `SELECT DISTINCT to_char("startAt" AT TIME ZONE $1, 'HH24:MI') AS wall FROM "Booking" b
           JOIN "Org" o ON o.id = b."orgId" WHERE "timeZone" = $1 AND b.status <> 'in_progress'
            AND ("startAt" AT TIME ZONE $1)::date >= $2::date AND ("startAt" AT TIME ZONE $1)::date < $3::date`,
        [zone, from, until],
      )
      const walls = times.map(({ wall }) => String(wall)).toSorted()
      expect(walls.length).toBeGreaterThan(8)
      expect(walls.every((wall) => /:(00|15|30|45)$/.test(wall) && wall >= '08:00' && wall <= '18:00')).toBe(true)
      expect(walls).toContain('15:30')
    }
  }
})

test('a school sees its own rows and no other', async () => {
  const tables = [...models.values()].filter((model) => tenancyOf(model) === 'column').map(({ name }) => name)
  for (const slug of SLUGS) {
    const counts = await db.select(
      contextOf(db, schoolId(slug)),
      tables.map((table) => ({ text: `SELECT count(*)::int FROM "${table}"`, values: [] })),
    )
    const own = await Promise.all(
      tables.map((table) => one(`SELECT count(*)::int AS n FROM "${table}" WHERE "orgId" = $1`, [schoolId(slug)])),
    )
    const seen = counts.map((rows) => rows[0]![0])
    expect(tables.map((table, n) => [table, seen[n]])).toEqual(tables.map((table, n) => [table, own[n]!.n]))
  }
})

test('the schools have the size the story says', async () => {
  const sizes = await all(`
    SELECT (SELECT count(*)::int FROM "Instructor" i WHERE i."orgId" = o.id) AS instructors,
           (SELECT count(*)::int FROM "Student" s WHERE s."orgId" = o.id) AS students,
           (SELECT round(count(*) / 14.0)::int FROM "Booking" b WHERE b."orgId" = o.id AND b."startAt" < '2026-11-22T13:00Z') AS "aWeek",
           (SELECT round(100.0 * count(*) FILTER (WHERE status = 'completed') / count(*))::int FROM "Booking" b
             WHERE b."orgId" = o.id AND b."startAt" < '2026-11-22T13:00Z') AS "completed"
      FROM "Org" o ORDER BY 1 DESC`)
  expect(sizes.map(({ instructors, students }) => [instructors, students])).toEqual([
    [8, 140],
    [4, 70],
    [2, 30],
  ])
  for (const [index, aWeek] of [170, 75, 32].entries()) {
    expect(Math.abs((sizes[index]!.aWeek as number) - aWeek)).toBeLessThan(aWeek * 0.1)
    expect(Math.abs((sizes[index]!.completed as number) - 82)).toBeLessThan(5)
  }
})

test('a cancelled lesson was refunded by the tier its notice reached', async () => {
  const wrong = await all(`
    SELECT b.id FROM "Booking" b JOIN "CancellationPolicy" c ON c.id = b."policyId"
     WHERE c.actor <> b."cancelledAs" OR c."hoursBeforeStart" IS DISTINCT FROM
       (SELECT max(t."hoursBeforeStart") FROM "CancellationPolicy" t WHERE t."orgId" = b."orgId" AND t.actor = b."cancelledAs"
          AND make_interval(hours => t."hoursBeforeStart") <= b."startAt" - b."cancelledAt")`)
  expect(wrong).toEqual([])
  const tiers = await all(
    `SELECT DISTINCT "refundPercentage" FROM "CancellationPolicy" c JOIN "Booking" b ON b."policyId" = c.id`,
  )
  expect(new Set(tiers.map((tier) => tier.refundPercentage))).toEqual(new Set([0, 50, 100]))
})

test('every booking has its history from nothing to where it stands, and an event for each change', async () => {
  const broken = await all(`
    SELECT b.id FROM "Booking" b
      JOIN (SELECT "bookingId", count(*) AS steps, bool_and("fromStatus" IS NOT DISTINCT FROM before) AS follows,
                   (array_agg("toStatus" ORDER BY "createdAt" DESC))[1] AS last
              FROM (SELECT *, lag("toStatus") OVER (PARTITION BY "bookingId" ORDER BY "createdAt") AS before
                      FROM "LessonStateHistory") h GROUP BY 1) h ON h."bookingId" = b.id
      LEFT JOIN (SELECT "aggregateId", count(*) AS events, max("aggregateVersion") AS version FROM "Outbox"
                  WHERE "aggregateType" = 'Booking' GROUP BY 1) o ON o."aggregateId" = b.id::text
     WHERE NOT h.follows OR h.last <> b.status OR h.steps <> b.version
        OR o.events IS DISTINCT FROM b.version OR o.version <> b.version`)
  expect(broken).toEqual([])
  const { bookings, told } = await one(`SELECT (SELECT count(*) FROM "Booking") AS bookings,
    (SELECT count(DISTINCT "bookingId") FROM "LessonStateHistory") AS told`)
  expect(told).toBe(bookings)
})

test('what the past has told is handled, so nobody is sent a message for it now', async () => {
  const [open] = await all(`SELECT count(*)::int AS n FROM "Outbox" WHERE "relayedAt" IS NULL OR "relayedAt" > $1`, [
    new Date(NOW.getTime() + 60_000),
  ])
  expect(open!.n).toBe(0)
  expect(await all(`SELECT DISTINCT status::text FROM "OutboxDelivery"`)).toEqual([{ status: 'dead' }])
})

test('a price is that of the rate card of its day, or of the package it was paid from', async () => {
  const wrong = await all(`SELECT b.id FROM "Booking" b LEFT JOIN "RateCardItem" i
      ON i."rateCardId" = b."rateCardId" AND i."serviceId" = b."serviceId"
     WHERE i."priceCents" IS DISTINCT FROM b."priceCents"`)
  expect(wrong).toEqual([])
})

test('what is still to come has a clock, and what is over has none', async () => {
  const wrong = await all(`SELECT b.id, b.status::text, count(t.id)::int FROM "Booking" b
      LEFT JOIN "ScheduledStateTransition" t ON t."bookingId" = b.id AND t."processedAt" IS NULL
     GROUP BY 1, 2 HAVING count(t.id) <> CASE b.status WHEN 'confirmed' THEN 2 WHEN 'draft' THEN 1 WHEN 'pending_payment' THEN 1 ELSE 0 END`)
  expect(wrong).toEqual([])
})

test('moved lessons say where they were, and a lesson that begins has a record', async () => {
  const found = await one(`SELECT
      (SELECT count(*) > 100 FROM "Booking" WHERE "rescheduleCount" = 1 AND "rescheduledFrom" <> "startAt") AS moved,
      (SELECT count(*)::int FROM "Booking" b WHERE status IN ('in_progress', 'completed')
        AND NOT EXISTS (SELECT FROM "Lesson" l WHERE l."bookingId" = b.id AND l."startedAt" IS NOT NULL
          AND (b.status = 'completed') = (l."endedAt" IS NOT NULL))) AS unrecorded`)
  expect(found).toEqual({ moved: true, unrecorded: 0 })
})

test('what waits for each role is there', async () => {
  const found = await one(
    `SELECT
      (SELECT count(*)::int FROM "Booking" WHERE status = 'in_progress' AND "endAt" > $1) AS "inProgress",
      (SELECT round(extract(epoch FROM min("holdExpiresAt") - $1) / 60)::int FROM "Booking" WHERE status = 'pending_payment') AS "holdMinutes",
      (SELECT count(*) > 3 FROM "Booking" WHERE status = 'in_progress' AND "endAt" < $1) AS unclosed,
      (SELECT count(*)::int FROM "ScheduledStateTransition" WHERE "processedAt" IS NULL AND "executeAt" <= $1) AS "leftUndone",
      (SELECT count(*) > 5 FROM "Booking" WHERE status = 'requested') AS requests,
      (SELECT array_agg(DISTINCT status::text ORDER BY status::text) FROM "Refund") AS refunds,
      (SELECT array_agg(status::text ORDER BY status::text) FROM "Dispute" WHERE "orgId" = $2) AS disputes,
      (SELECT array_agg(DISTINCT status::text ORDER BY status::text) FROM "PayoutBatch" WHERE "orgId" = $2) AS batches,
      (SELECT count(*)::int FROM (SELECT FROM "Refund" WHERE status = 'succeeded' GROUP BY "paymentId" HAVING count(*) = 2) twice) AS "twoPartials",
      (SELECT count(*)::int FROM "Instructor" WHERE "stripeOnboardingStatus" <> 'complete') AS "notOnboarded",
      (SELECT count(*) > 0 FROM "InstructorCredential" WHERE "expiresOn" < $1) AS lapsed,
      (SELECT count(*)::int FROM "Student" s WHERE "orgId" = $2 AND dob > $1 - interval '18 years' AND NOT EXISTS
        (SELECT FROM "Consent" c WHERE c."studentId" = s.id AND kind = 'minor_lessons')) AS "withoutConsent",
      (SELECT count(*) > 0 FROM "TripPoint" WHERE ts < $1 - interval '90 days') AS "oldPoints",
      (SELECT count(*)::int FROM "Outbox" WHERE "deadAt" IS NOT NULL AND "orgId" = $2) AS dead,
      (SELECT count(*)::int FROM "WebhookEvent" WHERE "orgId" IS NULL AND "processedAt" IS NULL) AS unresolved`
      .replaceAll('$1', `'${NOW.toISOString()}'::timestamptz`)
      .replaceAll('$2', `'${schoolId('harbour-city')}'`),
  )
  expect(found).toEqual({
    inProgress: 2,
    leftUndone: 0,
    holdMinutes: 2,
    unclosed: true,
    requests: true,
    refunds: ['failed', 'pending_approval', 'rejected', 'succeeded'],
    disputes: ['lost', 'needs_response', 'won'],
    batches: ['draft', 'paid', 'partially_failed', 'submitted'],
    twoPartials: 3,
    notOnboarded: 1,
    lapsed: true,
    withoutConsent: 1,
    oldPoints: true,
    dead: 1,
    unresolved: 1,
  })
})

test('the simulator knows what the books know: the first nights find no difference, and disputes can be answered', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  const at = await openStripe({ retries: 0 })
  try {
    await adoptDemo(db, at.client, at.simulator)
    for (const hours of [18, 42]) await reconcile({ ...workerOf(db), now: new Date(NOW.getTime() + hours * 3_600_000) })
    expect(await all('SELECT kind, subject, description FROM "ReconciliationException"')).toEqual([])
    const runs = await all('SELECT min(movements) AS least, count(*)::int AS runs FROM "ReconciliationRun"')
    expect(runs[0]).toMatchObject({ runs: 2 * SLUGS.length, least: expect.any(Number) })
    expect(runs[0]!.least).toBeGreaterThan(0)
    for (const { id, status, due } of await all(
      `SELECT "stripeDisputeId" AS id, status::text, extract(epoch FROM "evidenceDueBy")::int AS due FROM "Dispute"`,
    ))
      expect(await at.client.disputes.retrieve(id)).toMatchObject({ status, evidence_details: { due_by: due } })
  } finally {
    vi.useRealTimers()
    await at.close()
  }
})
