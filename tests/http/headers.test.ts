import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { cloneDatabase, type TestDatabase } from '../support/database.ts'
import { school } from '../support/school.ts'
import { startServer, TEST_PASSWORD_HASH, type TestServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

let database: TestDatabase
let db: Database
let server: TestServer

beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  server = await startServer({ db, panel: stubPanel() })
})

afterAll(async () => {
  await server?.close()
  await db?.close()
  await database?.drop()
})

const policyOf = (response: Response): Map<string, string> => {
  const directives = response.headers.get('content-security-policy')!.split(';')
  return new Map(directives.map((directive) => directive.trim().split(/ (.*)/s) as [string, string]))
}

it('allows scripts by a nonce of this answer alone, and nothing from elsewhere', async () => {
  const [one, other] = await Promise.all([server.visit()('/admin/login'), server.visit()('/admin/login')])
  const policy = policyOf(one)
  expect(policy.get('script-src')).toMatch(/^'self' 'nonce-[\w+/]{22}=='$/)
  expect(policy.get('script-src')).not.toBe(policyOf(other).get('script-src'))
  expect(policy.get('default-src')).toBe("'none'")
  expect(policy.get('frame-ancestors')).toBe("'none'")
  expect(policy.get('object-src')).toBe("'none'")
  expect(policy.get('base-uri')).toBe("'none'")
  expect(policy.get('form-action')).toBe("'self'")
  expect([...policy.values()].join(' ')).not.toMatch(/unsafe-eval|https?:|\*/)
})

it.each(['/admin/login', '/admin', '/', '/nowhere', '/healthz', '/admin/api/me'])('protects %s', async (path) => {
  const { headers } = await server.visit()(path)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('referrer-policy')).toBe('same-origin')
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  expect(headers.get('permissions-policy')).toContain('camera=()')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(headers.has('x-powered-by')).toBe(false)
  expect(headers.has('etag')).toBe(false)
})

it('keeps nothing personal in the browser', async () => {
  const harbour = await school(database, { passwordHash: TEST_PASSWORD_HASH })
  const browser = await server.signIn(`owner@${harbour.slug}.example.test`)
  expect((await browser('/admin/me')).headers.get('cache-control')).toBe('no-store')
})

it('asks for HTTPS only where the public address has it', async () => {
  expect((await server.visit()('/admin/login')).headers.has('strict-transport-security')).toBe(false)
  const secure = await startServer({ db, panel: stubPanel(), config: { appUrl: 'https://admin.example.test' } })
  const response = await secure.visit()('/admin/login')
  expect(response.headers.get('strict-transport-security')).toBe('max-age=63072000')
  expect(policyOf(response).has('upgrade-insecure-requests')).toBe(true)
  await secure.close()
})

it('serves its own files small and for ever, and an icon to whoever asks for one', async () => {
  const page = await (await server.visit()('/admin/login')).text()
  const icon = /href="(\/static\/[^"]+\.svg)"/.exec(page)![1]!
  const response = await server.visit()(icon)
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(await response.text()).toContain('<svg')
  const plain = await server.visit()('/favicon.ico', { headers: { 'accept-encoding': 'identity' } })
  expect(plain.headers.get('content-type')).toContain('image/svg+xml')
  expect(plain.headers.get('content-encoding')).toBeNull()
})
