import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'
import { untilTrue } from '../process/program.ts'

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let manager: Browser

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Fahrschule Müller', passwordHash: TEST_PASSWORD_HASH })
  await harbour.run(
    `INSERT INTO "Student" ("orgId", "fullName", email, phone)
     SELECT $1, 'Learner ' || lpad(n::text, 5, '0'), 'learner' || n || '@example.test', '+61 491 570 ' || n
       FROM generate_series(1, 2500) n`,
    [harbour.orgId],
  )
  // as a lesson in Sydney's summer, and a price with cents
  await harbour.booking({ startAt: new Date('2026-01-05T22:30:00Z'), priceCents: 8550, instructorShareCents: 7275 })
  db = await openDatabase(test.url)
  server = await startServer({ db })
  manager = await server.signIn(`manager@${harbour.slug}.example.test`)
})

afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

async function exported(browser: Browser, model: string, query: Record<string, string> = {}) {
  const response = await browser.post(`/admin/api/panel/export/${model}?${new URLSearchParams(query).toString()}`)
  const bytes = Buffer.from(await response.arrayBuffer())
  const rows = response.ok
    ? (parse(bytes, { bom: true, columns: true, relax_column_count: false }) as Record<string, string>[])
    : []
  return { response, bytes, rows }
}

const events = async (action: string) =>
  (await harbour.run(`SELECT "actorUserId", "entityType", after FROM "AuditLog" WHERE action = $1 ORDER BY seq`, [
    action,
  ])) as unknown as { actorUserId: string; entityType: string; after: Record<string, unknown> }[]

describe('a manager exports a list', () => {
  it('whole, in the order and with the columns of the list, in batches that join without a gap', async () => {
    const { response, rows } = await exported(manager, 'Student', { sortBy: 'fullName', direction: 'desc' })
    expect(response.status).toBe(200)
    expect(rows).toHaveLength(2501)
    const names = rows.map((row) => row.Name ?? row['Full name'])
    expect(new Set(names).size).toBe(2501)
    expect(names.filter((name) => name?.startsWith('Learner'))).toEqual(
      Array.from({ length: 2500 }, (_, index) => `Learner ${String(2500 - index).padStart(5, '0')}`),
    )
  })

  it('as a file that Excel reads as UTF-8, named after the school, the list and the day', async () => {
    const { response, bytes } = await exported(manager, 'Booking')
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const disposition = decodeURIComponent(response.headers.get('content-disposition')!)
    expect(disposition).toMatch(/^attachment; .*Fahrschule Müller Bookings \d{4}-\d{2}-\d{2}\.csv/)
  })

  it('with names for references, amounts as decimals with their currency, and times of the school', async () => {
    const { rows } = await exported(manager, 'Booking')
    expect(rows[0]).toMatchObject({
      Student: 'Mia Kowalski',
      Instructor: 'Ines Okafor',
      Price: '85.50',
      Currency: 'AUD',
    })
    expect(Object.values(rows[0]!)).toContain('2026-01-06 09:30')
    expect(Object.values(rows[0]!).join(' ')).not.toMatch(/confirmed|[0-9a-f]{8}-/)
  })

  it('with its filters, words and chosen columns', async () => {
    const { rows } = await exported(manager, 'Student', { q: 'learner42@example.test', columns: 'email,fullName' })
    expect(rows).toEqual([{ 'E-mail': 'learner42@example.test', 'Full name': 'Learner 00042' }])
  })

  it('and nothing of another school', async () => {
    const torrens = await school(test, { name: 'Torrens', passwordHash: TEST_PASSWORD_HASH })
    await torrens.add('Student', { fullName: 'Stranger of Torrens', email: 'stranger@torrens.test' })
    const stranger = await server.signIn(`manager@${torrens.slug}.example.test`)
    const theirs = (await exported(stranger, 'Student')).rows
    expect(new Set(theirs.map((row) => row['Full name']))).toEqual(new Set(['Mia Kowalski', 'Stranger of Torrens']))
    expect((await exported(manager, 'Student')).bytes.toString()).not.toContain('Torrens')
  })

  it('and no cell is one that a spreadsheet would run', async () => {
    const names = ['=HYPERLINK("http://x","y")', '@SUM(1)', '-2+3', '\ttab', "'=quoted", '+61 491']
    for (const fullName of names) await harbour.add('Guardian', { fullName, phone: '+61 491 570 000' })
    const { rows } = await exported(manager, 'Guardian', { columns: 'fullName,phone', sortBy: 'fullName' })
    const cells = rows.flatMap((row) => Object.values(row))
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
    expect(cells).toContain('\'=HYPERLINK("http://x","y")')
    expect(cells).toContain("''=quoted")
    expect(cells).toContain('Tom Kowalski')
  })

  it('of up to 100,000 rows; for more it is told to narrow it', async () => {
    await harbour.run(
      `INSERT INTO "TravelTimeCache" ("orgId", "fromLocationHash", "toLocationHash", "fromLat", "fromLng", "toLat", "toLng",
         "drivingTimeMin", "distanceMeters", "lastUpdated", "cacheValidUntil")
       SELECT $1, 'a' || n, 'b' || n, 1, 2, 3, 4, n % 60, n, now(), now() FROM generate_series(1, 100001) n`,
      [harbour.orgId],
    )
    const { response, bytes } = await exported(manager, 'TravelTimeCache')
    expect(response.status).toBe(400)
    expect(JSON.parse(bytes.toString())).toMatchObject({
      message: expect.stringContaining('Narrow the list') as string,
    })
    await harbour.run(`DELETE FROM "TravelTimeCache" WHERE "distanceMeters" = 1`)
    const whole = await exported(manager, 'TravelTimeCache', { columns: 'distanceMeters' })
    expect(whole.rows).toHaveLength(100_000)
    expect(new Set(whole.rows.map((row) => Object.values(row)[0])).size).toBe(100_000)
  }, 60_000)

  it('is refused what the list would refuse', async () => {
    const { response, bytes } = await exported(manager, 'Student', { 'filters.password': 'x' })
    expect(response.status).toBe(400)
    expect(JSON.parse(bytes.toString())).toMatchObject({ message: 'There is no filter "password" here.' })
    expect((await exported(manager, 'AuditLog')).response.status).toBe(404)
    expect((await exported(server.visit(), 'Student')).response.status).toBe(401)
  })
})

describe('field rights', () => {
  it('hold in the file too: finance gets masked numbers, and no column that it does not read', async () => {
    const finance = await server.signIn(`finance@${harbour.slug}.example.test`)
    const { rows } = await exported(finance, 'Student', { columns: 'fullName,phone' })
    expect(rows.map((row) => row.Phone).filter((phone) => /\d{4}/.test(phone ?? ''))).toEqual([])
    expect(rows.some((row) => row.Phone?.startsWith('••••'))).toBe(true)
    expect((await exported(finance, 'Student', { columns: 'notes' })).response.status).toBe(400)
  })
})

describe('the audit log', () => {
  it('says who took which rows of which list, with the hash of the very file', async () => {
    const { bytes } = await exported(manager, 'Student', { q: 'learner17@example', columns: 'fullName' })
    const [last] = (await events('student.export')).slice(-1)
    expect(last).toMatchObject({
      actorUserId: harbour.people.manager,
      entityType: 'Student',
      after: {
        list: { q: 'learner17@example', columns: 'fullName' },
        columns: ['Full name'],
        complete: true,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    })
    expect(last!.after.rows).toBe(bytes.toString().trim().split('\r\n').length - 1)
  })

  it('also when the browser goes away in the middle: with what it got', async () => {
    await harbour.run(
      `INSERT INTO "Location" ("orgId", name, kind, address) SELECT $1, 'Place ' || n, 'office', repeat('long street ', 400)
         FROM generate_series(1, 6000) n`,
      [harbour.orgId],
    )
    const cookie = [...manager.cookies].map((pair) => pair.join('=')).join('; ')
    const request = httpRequest(`${server.url}/admin/api/panel/export/Location`, {
      method: 'POST',
      headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-length': 0 },
    })
    request.on('error', () => {})
    request.on('response', (response) => response.once('data', () => request.destroy()))
    request.end()
    await untilTrue(async () => (await events('location.export')).length > 0, 'the export to be recorded')
    const [event] = await events('location.export')
    expect(event!.after).toMatchObject({ complete: false })
    expect(Number(event!.after.rows)).toBeLessThan(6000)
  })
})
