import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sizes } from '../../prisma/seed/large/plan.ts'
import { seedLarge } from '../../prisma/seed/main.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { cloneDatabase, type Row, type TestDatabase } from '../support/database.ts'

const SIZE = { schools: 4, bookings: 3000 }

let clone: TestDatabase
let db: Database
let dataDir: string
let before: Row[]

/** All that keeps the tables safe and fast, as the database describes it. */
const GUARDS = `
  SELECT conrelid::regclass::text AS "table", conname::text AS name, pg_get_constraintdef(oid) AS definition, convalidated::text AS state
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT tablename, indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT oid::regclass::text, 'row security', relrowsecurity::text, relforcerowsecurity::text
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  UNION ALL SELECT tablename, policyname, coalesce(qual, '') || coalesce(with_check, ''), roles::text FROM pg_policies
   ORDER BY 1, 2, 3`

beforeAll(async () => {
  clone = await cloneDatabase()
  db = await openDatabase(clone.url)
  dataDir = mkdtempSync(join(tmpdir(), 'driveflow-large-'))
  before = await all(GUARDS)
  await seed()
}, 120_000)

afterAll(async () => {
  await db.close()
  await clone.drop()
  rmSync(dataDir, { recursive: true })
})

const all = (text: string, values?: unknown[]): Promise<Row[]> => clone.console('superuser', text, values)
const one = async (text: string, values?: unknown[]): Promise<Row> => (await all(text, values))[0]!
const seed = (size = SIZE): Promise<void> =>
  seedLarge({ db, dataDir, appUrl: clone.url, ownerUrl: clone.ownerUrl, ...size })

test('the bookings asked for are there, school by school', async () => {
  const counts = await all(`SELECT count(*)::int AS n FROM "Booking" GROUP BY "orgId" ORDER BY 1 DESC`)
  expect(counts.map(({ n }) => n)).toEqual(sizes(SIZE).toSorted((a, b) => b - a))
  expect(counts.reduce((sum, { n }) => sum + (n as number), 0)).toBe(SIZE.bookings)
})

test.each([
  [50, 1_000_000],
  [50, 100_000],
  [3, 1000],
  [2, 500],
  [1, 40],
])('sizes of %i schools add up to %i bookings', (schools, bookings) => {
  const each = sizes({ schools, bookings })
  expect(each.length).toBe(schools)
  expect(each.reduce((sum, size) => sum + size, 0)).toBe(bookings)
  expect(Math.min(...each)).toBeGreaterThan(0)
})

test('a million bookings put 200,000 into the largest school and about 16,000 into the middling one', () => {
  const each = sizes({ schools: 50, bookings: 1_000_000 }).toSorted((a, b) => b - a)
  expect(Math.abs(each[0]! - 200_000)).toBeLessThan(100)
  expect(Math.abs(each[25]! - 16_300)).toBeLessThan(500)
})

test('every rule, index and policy that was taken off is back as it was', async () => {
  expect(await all(GUARDS)).toEqual(before)
})

test('it leaves no audit rows of its load, and later changes are audited again', async () => {
  const kinds = await all(`SELECT DISTINCT action FROM "AuditLog"`)
  // the managers' password, which is set as for everybody
  expect(kinds.map(({ action }) => action)).toEqual(['user.update'])
  await all(`UPDATE "Booking" SET notes = 'Motorway' WHERE id = (SELECT id FROM "Booking" LIMIT 1)`)
  expect((await one(`SELECT count(*)::int AS n FROM "AuditLog" WHERE action = 'booking.update'`)).n).toBe(1)
})

test('the same size again changes nothing', async () => {
  const print = () => one(`SELECT count(*), md5(string_agg(b::text, ',' ORDER BY id)) FROM "Booking" b`)
  const first = await print()
  await seed()
  expect(await print()).toEqual(first)
})

test('another size is another set of schools beside the first', async () => {
  await seed({ schools: 2, bookings: 300 })
  expect((await one(`SELECT count(*)::int AS n FROM "Org"`)).n).toBe(6)
  expect((await one(`SELECT count(*)::int AS n FROM "Booking"`)).n).toBe(3300)
})

test('most lessons behind us were given and most ahead are confirmed, at quarters of an hour by the wall clock', async () => {
  const share = await one(`SELECT
      round(100.0 * count(*) FILTER (WHERE status = 'completed') / count(*) FILTER (WHERE "endAt" < now() - interval '1 hour'))::int AS given,
      count(*) FILTER (WHERE "startAt" > now() AND status IN ('completed', 'no_show', 'in_progress'))::int AS wrong,
      count(*) FILTER (WHERE "createdAt" > now() OR "statusChangedAt" > now())::int AS early
    FROM "Booking"`)
  expect(share.given).toBeGreaterThan(70)
  expect(share.given).toBeLessThan(92)
  expect([share.wrong, share.early]).toEqual([0, 0])
  const off = await all(`SELECT b.id FROM "Booking" b JOIN "Org" o ON o.id = b."orgId"
    WHERE extract(minute FROM "startAt" AT TIME ZONE "timeZone")::int % 15 <> 0
       OR extract(hour FROM "startAt" AT TIME ZONE "timeZone") NOT BETWEEN 8 AND 18`)
  expect(off).toEqual([])
})

test('a manager of each school can sign in with the password of a file for its owner only', async () => {
  expect(statSync(join(dataDir, 'large-logins-4x3000.json')).mode & 0o777).toBe(0o600)
  const managers = await all(
    `SELECT u.password FROM "User" u JOIN "UserOrg" m ON m."userId" = u.id WHERE m.role = 'manager'`,
  )
  expect(managers.every(({ password }) => String(password).startsWith('$argon2id$'))).toBe(true)
})
