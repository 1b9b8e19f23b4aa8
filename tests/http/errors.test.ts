import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { cloneDatabase, type TestDatabase } from '../support/database.ts'
import { school } from '../support/school.ts'
import { type Browser, startServer, TEST_PASSWORD_HASH, type TestServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

let database: TestDatabase
let db: Database
let server: TestServer
let owner: Browser

beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  const { slug } = await school(database, { passwordHash: TEST_PASSWORD_HASH })
  server = await startServer({ db, panel: stubPanel() })
  owner = await server.signIn(`owner@${slug}.example.test`)
})

afterAll(async () => {
  await server?.close()
  await db?.close()
  await database?.drop()
})

/** What fetch does not send: other methods, bodies of unknown or false length. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; allow: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, { method, headers }, (response) => {
      resolve({ status: response.statusCode!, allow: response.headers.allow })
      response.resume()
      sent.destroy()
    })
    sent.on('error', reject)
    sent.flushHeaders()
    if (method !== 'POST') sent.end()
  })
}

it('brings people from the bare address to the panel', async () => {
  const response = await server.visit()('/')
  expect([response.status, response.headers.get('location')]).toEqual([302, '/admin'])
})

it.each(['/nowhere', '/admin/nowhere', '/ADMIN', '/Admin/me', '/admin/ME'])(
  'has a readable page for %s, which does not exist',
  async (path) => {
    const response = await owner(path)
    expect(response.status).toBe(404)
    const page = await response.text()
    expect(page).toContain('There is no such page.')
    expect(page).toContain('href="/admin"')
    expect(page).toContain(response.headers.get('x-request-id')!)
  },
)

it('says to programs in JSON what it says to people on a page', async () => {
  const response = await owner('/admin/api/nowhere')
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual({
    message: 'There is no such page. The address may be mistyped, or what it showed is gone.',
    requestId: response.headers.get('x-request-id'),
  })
  const asked = await owner('/nowhere', { headers: { accept: 'application/json' } })
  expect(asked.headers.get('content-type')).toContain('application/json')
})

it.each(['/admin/fail', '/admin/api/fail'])(
  'never shows what went wrong inside (%s), only the id to ask about',
  async (path) => {
    const response = await owner(path)
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(text).toContain('Something went wrong on our side.')
    expect(text).toContain(response.headers.get('x-request-id')!)
    expect(text).not.toMatch(/secret_column|\.ts|node_modules|Error:/)
  },
)

it('refuses a body that is too large before it is read, whoever sends it', async () => {
  const tooLarge = { 'content-length': '200000000', 'content-type': 'application/x-www-form-urlencoded' }
  expect(await raw('POST', '/admin/login', tooLarge)).toMatchObject({ status: 413 })
  expect(await raw('POST', '/admin/api/fail', tooLarge)).toMatchObject({ status: 413 })
})

it('refuses a body that does not say how large it is', async () => {
  expect(await raw('POST', '/admin/login', { 'transfer-encoding': 'chunked' })).toMatchObject({ status: 411 })
})

it('answers a form that cannot be read with a sentence', async () => {
  const json = await owner('/admin/switch-school', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: '{"orgId": ',
  })
  expect(json.status).toBe(400)
  expect((await json.json()).message).toBe(
    'The request could not be read. Go back, check what was entered and try again.',
  )
  const mistyped = await owner('/admin/%E0%A4%A')
  expect([400, 404]).toContain(mistyped.status)
})

it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])('does not know the method %s', async (method) => {
  expect(await raw(method, '/admin/login')).toEqual({ status: 405, allow: 'GET, HEAD, POST' })
})

it.each(['/admin', '/admin/', '/admin/me', '/admin/api/me', '/ADMIN/API/me'])(
  'does not take HEAD for %s: AdminJS would act on it',
  async (path) => {
    expect(await raw('HEAD', path)).toEqual({ status: 405, allow: 'GET, POST' })
  },
)

it('takes HEAD where only a page is shown', async () => {
  expect((await raw('HEAD', '/admin/login')).status).toBe(200)
  expect((await raw('HEAD', '/healthz')).status).toBe(200)
})

it('survives what is not HTTP at all', async () => {
  const { hostname, port } = new URL(server.url)
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write('\u0000 not http\r\n\r\n'))
    socket.on('data', (data) => resolve(data.toString()))
    socket.on('error', reject)
  })
  expect(answer).toContain('400 Bad Request')
  expect((await server.visit()('/healthz')).status).toBe(200)
})
