import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { cloneDatabase, type TestDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type Browser, startServer, TEST_PASSWORD, TEST_PASSWORD_HASH, type TestServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

const MINUTE = 60_000

let database: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let hills: School
/** A person of their own for each test: admin in both schools. */
let person: { id: string; email: string }

beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  harbour = await school(database, { passwordHash: TEST_PASSWORD_HASH })
  hills = await school(database, { name: 'Hills Driving' })
  server = await startServer({ db, panel: stubPanel() })
})

afterAll(async () => {
  await server?.close()
  await db?.close()
  await database?.drop()
})

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const email = `${crypto.randomUUID()}@example.test`
  const [row] = await sql(`INSERT INTO "User" (email, "fullName", password) VALUES ($1, 'Ada', $2) RETURNING id`, [
    email,
    TEST_PASSWORD_HASH,
  ])
  person = { id: row!.id, email }
  await sql(`INSERT INTO "UserOrg" ("orgId", "userId", role) SELECT org, $2, 'admin' FROM unnest($1::uuid[]) org`, [
    [harbour.orgId, hills.orgId],
    person.id,
  ])
})

afterEach(() => vi.useRealTimers())

const sql = (text: string, values?: unknown[]) => database.console('superuser', text, values)
const rows = () => sql('SELECT sid, sess, expire, "createdAt" FROM auth.session WHERE "userId" = $1', [person.id])
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)
/** Waits for the whole answer: a session is touched before its last byte. */
const read = async (browser: Browser) => {
  const response = await browser('/admin/me')
  return { status: response.status, body: await response.text() }
}
const isIn = async (browser: Browser) => (await read(browser)).status === 200
const me = async (browser: Browser) => JSON.parse((await read(browser)).body) as Record<string, unknown>

/** A second browser with a copy of the cookies. */
function copyOf(browser: Browser): Browser {
  const copy = server.visit()
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  return copy
}

it('gives somebody who has not signed in neither cookie nor row', async () => {
  const before = await sql('SELECT count(*)::int AS n FROM auth.session')
  const browser = server.visit()
  await browser('/admin/login')
  await browser('/admin')
  await browser.post('/admin/login', { email: person.email, password: 'wrong' })
  expect(browser.cookies.size).toBe(0)
  expect(await sql('SELECT count(*)::int AS n FROM auth.session')).toEqual(before)
})

it('sends a cookie that scripts cannot read and other sites do not send', async () => {
  const response = await server.visit().post('/admin/login', { email: person.email, password: TEST_PASSWORD })
  expect(response.headers.getSetCookie()[0]).toMatch(/^driveflow-80=s%3A[^;]+; Path=\/; HttpOnly; SameSite=Lax$/)
})

it('stores neither role nor name in the session', async () => {
  const browser = await server.signIn(person.email)
  await read(browser)
  const [row] = await rows()
  expect(Object.keys(row!.sess as object).toSorted()).toEqual(['agent', 'cookie', 'createdAt', 'ip', 'orgId', 'userId'])
})

it('makes an id that was planted before the sign-in worthless', async () => {
  const attacker = await server.signIn(`owner@${harbour.slug}.example.test`)
  const victim = copyOf(attacker)
  await victim.post('/admin/login', { email: person.email, password: TEST_PASSWORD })
  expect(await me(victim)).toMatchObject({ userId: person.id })
  expect([...victim.cookies.values()]).not.toEqual([...attacker.cookies.values()])
  expect(await isIn(attacker)).toBe(false)
})

it('takes no id that it did not sign itself', async () => {
  const browser = await server.signIn(person.email)
  const [row] = await rows()
  const forger = server.visit()
  const [name] = [...browser.cookies.keys()]
  const sid = String(row!.sid)
  for (const value of [sid, `s%3A${sid}.AAAA`, `s:${sid}`]) {
    forger.cookies.set(name!, value)
    expect(await isIn(forger)).toBe(false)
  }
})

it('ends after 30 minutes without a request, and not while it is used', async () => {
  const browser = await server.signIn(person.email)
  for (let n = 0; n < 3; n++) {
    pass(29 * MINUTE)
    expect(await isIn(browser)).toBe(true)
  }
  pass(31 * MINUTE)
  expect(await isIn(browser)).toBe(false)
})

it('ends after 12 hours however much it is used, also when schools were switched', async () => {
  const browser = await server.signIn(person.email)
  for (let n = 0; n < 24; n++) {
    pass(29.5 * MINUTE)
    expect(await isIn(browser)).toBe(true)
    if (n === 20) await browser.post('/admin/switch-school', { orgId: hills.orgId })
  }
  pass(13 * MINUTE)
  expect(await isIn(browser)).toBe(false)
})

it('does not write for reading pages, at most once a minute', async () => {
  const browser = await server.signIn(person.email)
  const [first] = await rows()
  pass(50_000)
  await read(browser)
  expect((await rows())[0]).toEqual(first)
  pass(20_000)
  await read(browser)
  const [touched] = await rows()
  expect(Number(touched!.expire) - Number(first!.expire)).toBeGreaterThan(50_000)
  expect(touched!.sess).toEqual(first!.sess)
})

it('removes rows that ended long ago', async () => {
  const browser = await server.signIn(person.email)
  pass(31 * MINUTE)
  const { SessionStore } = await import('../../src/http/session-store.ts')
  const { pino } = await import('pino')
  const store = new SessionStore(db, pino({ level: 'silent' }))
  expect(await new Promise((resolve) => store.pruneSessions(resolve))).toBeNull()
  store.close()
  expect(await rows()).toEqual([])
  expect(await isIn(browser)).toBe(false)
})

it('shows a change of role at the next request', async () => {
  const browser = await server.signIn(person.email)
  expect(await me(browser)).toMatchObject({ role: 'admin' })
  await sql(`UPDATE "UserOrg" SET role = 'compliance' WHERE "userId" = $1`, [person.id])
  expect(await me(browser)).toMatchObject({ role: 'compliance' })
})

it.each([
  ['the person is disabled', `UPDATE "User" SET "disabledAt" = now() WHERE id = $1`],
  ['their membership is suspended', `UPDATE "UserOrg" SET status = 'suspended' WHERE "userId" = $1`],
  ['they lose their place in the school', `DELETE FROM "UserOrg" WHERE "userId" = $1`],
  ['they become an instructor', `UPDATE "UserOrg" SET role = 'instructor' WHERE "userId" = $1`],
])('ends at once when %s', async (_why, change) => {
  const browser = await server.signIn(person.email)
  await sql(change, [person.id])
  const refused = await browser('/admin/me')
  expect([refused.status, refused.headers.get('location')]).toEqual([303, '/admin/login?returnTo=%2Fadmin%2Fme'])
  expect(await rows()).toEqual([])
})

it.each(['suspended', 'closed'])('ends at once when the school is %s', async (status) => {
  const other = await school(database, { name: 'A First School' })
  await sql(`INSERT INTO "UserOrg" ("orgId", "userId", role) VALUES ($1, $2, 'owner')`, [other.orgId, person.id])
  const browser = await server.signIn(person.email)
  expect(await me(browser)).toMatchObject({ orgId: other.orgId })
  await sql('UPDATE "Org" SET status = $2::"OrgStatus" WHERE id = $1', [other.orgId, status])
  expect(await isIn(browser)).toBe(false)
})

it('tells a program that it is signed out, in words', async () => {
  const response = await server.visit()('/admin/api/me')
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ message: 'You are signed out. Sign in again to go on.' })
})

it('signs out by the form: the row and the cookie are gone, other browsers stay', async () => {
  const [browser, other] = [await server.signIn(person.email), await server.signIn(person.email)]
  const stolen = copyOf(browser)
  const response = await browser.post('/admin/logout')
  expect([response.status, response.headers.get('location')]).toEqual([303, '/admin/login'])
  expect(browser.cookies.size).toBe(0)
  expect(await isIn(stolen)).toBe(false)
  expect(await isIn(other)).toBe(true)
  expect(await rows()).toHaveLength(1)
  const events = await sql(`SELECT action FROM "AuditLog" WHERE "actorUserId" = $1 AND action = 'user.signOut'`, [
    person.id,
  ])
  expect(events).toHaveLength(1)
})

it('does not sign out by an address alone, it asks', async () => {
  const browser = await server.signIn(person.email)
  const response = await browser('/admin/logout')
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('<form method="post" action="/admin/logout">')
  expect(await isIn(browser)).toBe(true)
})

it('signs somebody out who was not signed in', async () => {
  expect((await server.visit().post('/admin/logout')).headers.get('location')).toBe('/admin/login')
  expect((await server.visit()('/admin/logout')).headers.get('location')).toBe('/admin/login')
})

it('does not come back when a request was under way while it was ended', async () => {
  const browser = await server.signIn(person.email)
  pass(5 * MINUTE)
  const [row] = await rows()
  // deleted after the request has read its session and before it touches it
  const slow = stubPanel()
  const held = await startServer({
    db,
    panel: {
      router: (req, res, next) => {
        sql('DELETE FROM auth.session WHERE sid = $1', [row!.sid]).then(() => slow.router(req, res, next), next)
      },
    },
  })
  const copy = held.visit()
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  expect(await isIn(copy)).toBe(true)
  expect(await rows()).toEqual([])
  await held.close()
})

it('stores a session once, so that signing out at once is for good', async () => {
  const sent = vi.spyOn(db, 'authQuery')
  const response = await server.visit().post('/admin/login', { email: person.email, password: TEST_PASSWORD })
  await response.text()
  const stored = sent.mock.calls.filter(([text]) => text.startsWith('INSERT INTO "auth"."session"'))
  sent.mockRestore()
  expect(stored).toHaveLength(1)
})

it('switches to another school of theirs, under a new id', async () => {
  const browser = await server.signIn(person.email)
  expect(await me(browser)).toMatchObject({
    orgId: harbour.orgId,
    schools: [{ name: harbour.name }, { name: hills.name }],
  })
  const old = copyOf(browser)
  const response = await browser.post('/admin/switch-school', { orgId: hills.orgId })
  expect([response.status, response.headers.get('location')]).toEqual([303, '/admin'])
  expect(await me(browser)).toMatchObject({ orgId: hills.orgId, school: { name: hills.name } })
  expect(await isIn(old)).toBe(false)
  expect(await rows()).toHaveLength(1)
  const events = await sql(`SELECT "orgId" FROM "AuditLog" WHERE "actorUserId" = $1 AND action = 'user.switchSchool'`, [
    person.id,
  ])
  expect(events).toEqual([{ orgId: hills.orgId }])
})

it('answers a program that switches schools with where to go', async () => {
  const browser = await server.signIn(person.email)
  const response = await browser('/admin/switch-school', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ orgId: hills.orgId }),
  })
  expect(await response.json()).toEqual({ redirect: '/admin' })
})

it('does not switch to a school they have no place in, whether it exists or not', async () => {
  const browser = await server.signIn(`manager@${harbour.slug}.example.test`)
  const answers = await Promise.all(
    [hills.orgId, crypto.randomUUID(), 'x', ''].map(async (orgId) => {
      const response = await browser.post('/admin/switch-school', { orgId })
      return [response.status, (await response.text()).replace(/<code>.*<\/code>/, '')]
    }),
  )
  expect(answers[0]![0]).toBe(404)
  expect(answers.slice(1)).toEqual([answers[0], answers[0], answers[0]])
  expect(await me(browser)).toMatchObject({ orgId: harbour.orgId })
  expect((await browser('/admin/switch-school')).status).toBe(404)
})
