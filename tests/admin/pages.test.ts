import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { type TestDatabase, cloneDatabase } from '../support/database.ts'
import { type School, STAFF_ROLES, school } from '../support/school.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let manager: Browser

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  db = await openDatabase(test.url)
  server = await startServer({ db })
  manager = await signedIn('manager')
})

afterAll(async () => {
  await server.close()
  await db.close()
  await test.drop()
})

const signedIn = (role: string) => server.signIn(`${role}@${harbour.slug}.example.test`)

async function metadataOf(browser: Browser): Promise<string> {
  const page = await (await browser('/admin')).text()
  return /src="(\/admin\/metadata\.\w+\.js)"/.exec(page)![1]!
}

it.each(STAFF_ROLES)('the page of the %s has at most 60 KB', async (role) => {
  const browser = await signedIn(role)
  const response = await browser('/admin/resources/Booking')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(Buffer.byteLength(await response.text())).toBeLessThan(60_000)
})

it('what a role may see is loaded once and kept', async () => {
  const path = await metadataOf(manager)
  const script = await manager(path, { headers: { 'accept-encoding': 'br' } })
  expect(Object.fromEntries(script.headers)).toMatchObject({
    'cache-control': 'private, max-age=31536000, immutable',
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    vary: 'Accept-Encoding',
  })
  expect(await script.text()).toContain('"Booking"')
  expect(await metadataOf(await signedIn('manager'))).toBe(path)
})

it('without compression it is the same', async () => {
  const path = await metadataOf(manager)
  const plain = await (await manager(path, { headers: { 'accept-encoding': 'identity' } })).text()
  const gzipped = await manager(path, { headers: { 'accept-encoding': 'gzip' } })
  expect(gzipped.headers.get('content-encoding')).toBe('gzip')
  expect(await gzipped.text()).toBe(plain)
})

it('the metadata of a role name no model that it does not see, and nobody by name', async () => {
  const script = await (await manager(await metadataOf(manager))).text()
  const hidden = ['LedgerEntry', 'AuditLog', 'RefreshToken', 'Audit log', harbour.slug, harbour.orgId]
  expect(hidden.filter((name) => script.includes(name))).toEqual([])
})

it('nobody gets the metadata of another role, and nobody who is signed out gets any', async () => {
  const owners = await metadataOf(await signedIn('owner'))
  const refused = await manager(owners)
  expect(refused.status).toBe(404)
  expect(refused.headers.get('cache-control')).toBe('no-store')
  expect((await server.visit()(owners)).status).toBe(303)
  expect((await manager('/admin/metadata.js')).status).toBe(404)
  expect((await manager.post(await metadataOf(manager))).status).toBe(404)
})

it('a new role has its own at once, and the old one’s no more', async () => {
  const browser = await signedIn('finance')
  const before = await metadataOf(browser)
  const role = (role: string) =>
    harbour.run('UPDATE "UserOrg" SET role = $2 WHERE "userId" = $1', [harbour.people.finance, role])
  await role('compliance')
  const after = await metadataOf(browser)
  expect(after).not.toBe(before)
  expect((await browser(after)).status).toBe(200)
  expect((await browser(before)).status).toBe(404)
  await role('finance')
})

it('the page holds who is signed in, and every script of it carries the nonce of the answer', async () => {
  const response = await manager('/admin')
  const nonce = /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy')!)![1]!
  const page = await response.text()
  expect(page).toContain(harbour.people.manager)
  expect(page.split('<script').length).toBe(page.split(`<script nonce="${nonce}"`).length)
})
