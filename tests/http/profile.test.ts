import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { agentInWords } from '../../src/http/session-list.ts'
import { cloneDatabase, type TestDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type Browser, startServer, TEST_PASSWORD_HASH, type TestServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

let database: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let torrens: School
beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  server = await startServer({ db, panel: stubPanel() })
})
beforeEach(async () => {
  await database.console('superuser', 'DELETE FROM auth.throttle')
  await database.console('superuser', 'DELETE FROM auth.session')
  harbour = await school(database, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  torrens = await school(database, { name: 'Torrens', passwordHash: TEST_PASSWORD_HASH })
})
afterAll(async () => {
  await server.close()
  await db.close()
  await database.drop()
})

const as = (role: string, of = harbour): Promise<Browser> => server.signIn(`${role}@${of.slug}.example.test`)
const read = async (browser: Browser, path: string) => (await browser(path)).text()
const handlesIn = (page: string): string[] =>
  [...page.matchAll(/name="session" value="([0-9a-f]{64})"/g)].map(([, handle]) => handle!)
const isIn = async (browser: Browser) => (await browser('/admin/me')).status === 200

it('people see their own sessions, and end one of them', async () => {
  const [here, there] = [await as('manager'), await as('manager')]
  await as('finance')
  const page = await read(here, '/admin/profile')
  const handles = handlesIn(page)
  expect([handles.length, page.includes('this one')]).toEqual([1, true])
  await here.post('/admin/profile/end-sessions', { session: handles[0]! })
  expect([await isIn(here), await isIn(there)]).toEqual([true, false])
  const again = await here.post('/admin/profile/end-sessions', { session: handles[0]! })
  expect([again.status, await again.text()]).toEqual([404, expect.stringContaining('has ended already')])
})

it('all others are ended at once, never this one, and each is in the log', async () => {
  const [here, ...others] = [await as('manager'), await as('manager'), await as('manager')]
  await here.post('/admin/profile/end-sessions')
  expect([await isIn(here), ...(await Promise.all(others.map(isIn)))]).toEqual([true, false, false])
  const log = await harbour.run(`SELECT "actorUserId", "entityId" FROM "AuditLog" WHERE action = 'user.sessionEnded'`)
  const ended = { actorUserId: harbour.people.manager, entityId: harbour.people.manager }
  expect(log).toEqual([ended, ended])
})

it('nobody ends the session of somebody else by its handle', async () => {
  const finance = await as('finance')
  const [handle] = handlesIn(await read(await as('owner'), '/admin/sessions'))
  expect((await (await as('manager')).post('/admin/profile/end-sessions', { session: handle! })).status).toBe(404)
  expect(await isIn(finance)).toBe(true)
})

it('an owner sees and ends the sessions of their school, and of no other', async () => {
  const [owner, manager, elsewhere] = [await as('owner'), await as('manager'), await as('manager', torrens)]
  const page = await read(owner, '/admin/sessions')
  expect(page).toContain(`Manager of ${harbour.slug}`)
  expect(page).not.toContain(torrens.slug)
  const [foreign] = handlesIn(await read(await as('owner', torrens), '/admin/sessions'))
  expect((await owner.post('/admin/sessions/end', { session: foreign! })).status).toBe(404)
  await owner.post('/admin/sessions/end', { session: handlesIn(page)[0]! })
  expect([await isIn(owner), await isIn(manager), await isIn(elsewhere)]).toEqual([true, false, true])
  expect((await owner.post('/admin/sessions/end')).status).toBe(400)
})

it('who is signed in is no business of a manager', async () => {
  const manager = await as('manager')
  expect((await manager('/admin/sessions')).status).toBe(403)
  expect((await manager.post('/admin/sessions/end', { session: 'x' })).status).toBe(403)
  expect((await server.visit()('/admin/profile')).headers.get('location')).toMatch(/login/)
})

it('the id of a session is nowhere on the page', async () => {
  const manager = await as('manager')
  const [stored] = await database.console('superuser', 'SELECT sid FROM auth.session')
  expect(await read(manager, '/admin/profile')).not.toContain(stored!.sid)
})

it('a browser is told in few words', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0 Safari/537.36'
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1 Version/26.0 Mobile Safari/604.1'
  expect([chrome, iphone, `${chrome} Edg/153.0`, 'curl/8.5', null].map(agentInWords)).toEqual([
    'Chrome on Linux',
    'Safari on iOS',
    'Edge on Linux',
    'curl/8.5',
    'Unknown program',
  ])
})
