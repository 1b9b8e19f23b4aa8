import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { cloneDatabase, type TestDatabase } from '../support/database.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

let database: TestDatabase
let db: Database
let server: TestServer
let worker = true

beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  server = await startServer({
    db,
    panel: stubPanel(),
    workerSeen: () => worker,
    config: { metricsToken: 'scrape-me' },
  })
})

afterAll(async () => {
  await server?.close()
  await db?.close()
  await database?.drop()
})

const json = async (path: string, from = server) => {
  const response = await from.visit()(path)
  return [response.status, await response.json()]
}

it('is healthy as long as the process answers', async () => {
  expect(await json('/healthz')).toEqual([200, { status: 'ok' }])
})

it('is ready when the database is migrated and the worker is alive', async () => {
  expect(await json('/readyz')).toEqual([200, { status: 'ready', database: true, worker: true }])
})

it('is not ready without its worker', async () => {
  worker = false
  expect(await json('/readyz')).toEqual([503, { status: 'not ready', database: true, worker: false }])
  worker = true
})

it('is ready without a worker when it was started without one', async () => {
  const alone = await startServer({ db, panel: stubPanel() })
  expect(await json('/readyz', alone)).toEqual([200, { status: 'ready', database: true }])
  await alone.close()
})

it('is not ready when the database is not migrated', async () => {
  const bare = await cloneDatabase()
  const open = await openDatabase(bare.url)
  const lost = await startServer({ db: open, panel: stubPanel() })
  await bare.console('superuser', 'DROP SCHEMA auth CASCADE')
  expect(await json('/readyz', lost)).toEqual([503, { status: 'not ready', database: false }])
  expect(await json('/healthz', lost)).toEqual([200, { status: 'ok' }])
  await lost.close()
  await open.close()
  await bare.drop()
})

it('counts requests for Prometheus by kind, never by address', async () => {
  await server.visit()('/admin/login?email=mia@example.test')
  const text = await (await server.visit()('/metrics')).text()
  expect(text).toMatch(/http_request_duration_seconds_count\{method="GET",area="sign-in",status="200"\} \d/)
  expect(text).toContain('process_resident_memory_bytes')
  expect(text).not.toContain('mia')
})

it('measures how far events are handled, and whether anybody is at it', async () => {
  const before = await (await server.visit()('/metrics')).text()
  expect(before).toContain('workers_alive 0')
  expect(before).toContain('outbox_untaken_events 0')
})

it('shows its metrics to this machine or to who has the token', async () => {
  const ask = async (headers: Record<string, string>) => (await server.visit()('/metrics', { headers })).status
  expect(await ask({})).toBe(200)
  expect(await ask({ 'x-forwarded-for': '203.0.113.9' })).toBe(403)
  expect(await ask({ authorization: 'Bearer wrong' })).toBe(403)
  expect(await ask({ 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer scrape-me' })).toBe(200)
})
