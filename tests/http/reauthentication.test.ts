import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type School, type TestDatabase, cloneDatabase, school } from '../support/database.ts'
import { type Browser, TEST_PASSWORD, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  db = await openDatabase(test.url)
  server = await startServer({ db })
})
afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

const as = (role: string) => server.signIn(`${role}@${harbour.slug}.example.test`)
const give = async (browser: Browser, password: string) => {
  const response = await browser.post('/admin/api/reauthenticate', { password })
  return { status: response.status, body: (await response.json()) as { message?: string; confirmed?: boolean } }
}
const events = async () =>
  (await harbour.run(`SELECT action FROM "AuditLog" WHERE action LIKE 'user.%' ORDER BY seq DESC LIMIT 1`))[0]?.action
const sessions = async () =>
  await test.console('superuser', `SELECT sess FROM auth.session WHERE "userId" = $1`, [harbour.people.manager])

it('the right password goes on under a new session id, and the old one is worth nothing', async () => {
  const manager = await as('manager')
  const before = new Map(manager.cookies)
  expect(await give(manager, TEST_PASSWORD)).toEqual({ status: 200, body: { confirmed: true } })
  expect(await events()).toBe('user.confirmPassword')
  expect([...manager.cookies.values()]).not.toEqual([...before.values()])
  const [row, ...others] = await sessions()
  expect(others).toEqual([])
  const { createdAt, confirmedAt } = row!.sess as { createdAt: number; confirmedAt: number }
  // the clock of the whole session is not wound up by it
  expect(confirmedAt).toBeGreaterThan(createdAt)
  const old = server.visit()
  for (const [name, value] of before) old.cookies.set(name, value)
  expect((await old('/admin/api/resources/Student/actions/list')).status).toBe(401)
  expect((await manager('/admin/api/resources/Student/actions/list')).status).toBe(200)
})

it('a wrong one is recorded, and the session goes on as it was', async () => {
  const finance = await as('finance')
  expect(await give(finance, 'something else')).toEqual({
    status: 400,
    body: expect.objectContaining({ message: 'That is not your password. Check it and try again.' }) as object,
  })
  expect(await events()).toBe('user.signInRefused')
  expect((await give(finance, '')).body.message).toBe('Type your password.')
  expect((await finance('/admin/api/resources/Student/actions/list')).status).toBe(200)
})

it('guessing is stopped like at the door, also for whoever stole the session', async () => {
  const admin = await as('admin')
  const tries = await Promise.all(Array.from({ length: 12 }, () => give(admin, 'guess')))
  expect(tries.some(({ status }) => status === 429)).toBe(true)
  expect((await give(admin, TEST_PASSWORD)).status).toBe(429)
})

it('is for people who are signed in, from our own pages, by POST', async () => {
  const nobody = server.visit()
  expect((await give(nobody, TEST_PASSWORD)).status).toBe(401)
  const owner = await as('owner')
  const foreign = await owner('/admin/api/reauthenticate', {
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ password: TEST_PASSWORD }),
  })
  expect(foreign.status).toBe(403)
  expect((await owner('/admin/api/reauthenticate')).status).toBe(404)
})
