import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { cloneDatabase, type TestDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type Browser, startServer, TEST_PASSWORD_HASH, type TestServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

let database: TestDatabase
let db: Database
let server: TestServer
let harbour: School

beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  harbour = await school(database, { passwordHash: TEST_PASSWORD_HASH })
  server = await startServer({ db, panel: stubPanel() })
})

afterAll(async () => {
  await server?.close()
  await db?.close()
  await database?.drop()
})

const signIn = () => server.signIn(`owner@${harbour.slug}.example.test`)
/** A request of this browser with just these headers besides its cookies. */
const signOut = (browser: Browser, headers: Record<string, string>) =>
  fetch(`${server.url}/admin/logout`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '), ...headers },
  })
const isIn = async (browser: Browser) => (await browser('/admin/me')).status === 200

it.each([
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['a neighbouring host', { 'sec-fetch-site': 'same-site', origin: 'https://blog.example.test' }],
  ['another site that claims to be ours', { 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1' }],
  ['another site, in an old browser', { origin: 'https://evil.example' }],
  ['a sandboxed frame, in an old browser', { origin: 'null' }],
  ['another port of this machine, in an old browser', { origin: 'http://127.0.0.1:1' }],
])('does not carry out what %s makes a browser send', async (_who, headers) => {
  const browser = await signIn()
  const response = await signOut(browser, headers)
  expect(response.status).toBe(403)
  expect(await response.text()).toContain('This request came from another website')
  expect(await isIn(browser)).toBe(true)
})

it.each([
  ['our own page', () => ({ 'sec-fetch-site': 'same-origin' })],
  ['the person, by a reload', () => ({ 'sec-fetch-site': 'none' })],
  ['our own page in an old browser', () => ({ origin: server.url })],
  ['our own page behind a proxy in an old browser', () => ({ origin: 'http://127.0.0.1' })],
])('carries out what comes from %s', async (_who, headers) => {
  const browser = await signIn()
  expect((await signOut(browser, headers())).status).toBe(303)
  expect(await isIn(browser)).toBe(false)
})

it('lets programs work, which have no cookies that a page could misuse', async () => {
  const body = new URLSearchParams({ email: `owner@${harbour.slug}.example.test`, password: 'wrong' })
  expect((await fetch(`${server.url}/admin/login`, { method: 'POST', body })).status).toBe(401)
})

it('follows links from other sites: reading has no effect', async () => {
  const browser = await signIn()
  expect((await browser('/admin/me', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200)
})
