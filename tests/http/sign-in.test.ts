import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openDatabase, type Database } from '../../src/core/db.ts'
import { ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ADDRESS, SignInThrottle } from '../../src/http/throttle.ts'
import { cloneDatabase, type TestDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { startServer, TEST_PASSWORD, TEST_PASSWORD_HASH, type TestServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

const verified = vi.hoisted(() => {
  // what other files have loaded in this process knows nothing of the mock
  vi.resetModules()
  return { hashes: [] as string[] }
})
vi.mock('@node-rs/argon2', async (original) => {
  const argon2 = await original<typeof import('@node-rs/argon2')>()
  const verify = (hash: string, password: string) => {
    verified.hashes.push(hash)
    return argon2.verify(hash, password)
  }
  return { ...argon2, verify }
})

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

const emailOf = (role: string, of = harbour) => `${role}@${of.slug}.example.test`
const clearThrottle = () => database.console('superuser', 'DELETE FROM auth.throttle')
const sql = (text: string, values?: unknown[]) => database.console('superuser', text, values)

async function member(role: string, status = 'active'): Promise<{ id: string; email: string }> {
  const email = `${role}.${status}.${Math.random().toString(36).slice(2)}@example.test`
  const [person] = await sql(
    `INSERT INTO "User" (email, "fullName", password) VALUES ($1, 'Somebody', $2) RETURNING id`,
    [email, TEST_PASSWORD_HASH],
  )
  await sql('INSERT INTO "UserOrg" ("orgId", "userId", role, status) VALUES ($1, $2, $3, $4)', [
    harbour.orgId,
    person!.id,
    role,
    status,
  ])
  return { id: person!.id, email }
}

const attempt = (email: string, password = TEST_PASSWORD) => server.visit().post('/admin/login', { email, password })

it('shows a form that needs neither script nor another host', async () => {
  const response = await server.visit()('/admin/login')
  const page = await response.text()
  expect(response.status).toBe(200)
  expect(page).toContain('<form method="post" action="/admin/login">')
  expect(page).not.toMatch(/<script|https?:\/\//)
  const stylesheet = /href="(\/static\/[^"]+\.css)"/.exec(page)![1]!
  const css = await server.visit()(stylesheet)
  expect(css.headers.get('cache-control')).toContain('immutable')
  expect(await css.text()).toContain('prefers-color-scheme: dark')
})

it('lets a manager in and shows their own school', async () => {
  const browser = await server.signIn(emailOf('manager'))
  const me = await (await browser('/admin/me')).json()
  expect(me).toMatchObject({
    userId: harbour.people.manager,
    orgId: harbour.orgId,
    role: 'manager',
    email: emailOf('manager'),
    school: { id: harbour.orgId, name: harbour.name, timeZone: 'Australia/Sydney', currency: 'AUD' },
    schools: [{ orgId: harbour.orgId, name: harbour.name, role: 'manager' }],
  })
})

it('does not mind capitals or spaces around the e-mail', async () => {
  expect((await attempt(`  ${emailOf('manager').toUpperCase()} `)).status).toBe(303)
})

it('goes back to the page that was asked for', async () => {
  const browser = server.visit()
  const refused = await browser('/admin/resources/Booking?filters.status=confirmed')
  expect(refused.status).toBe(303)
  const login = refused.headers.get('location')!
  expect(login).toBe('/admin/login?returnTo=%2Fadmin%2Fresources%2FBooking%3Ffilters.status%3Dconfirmed')
  const page = await (await browser(login)).text()
  expect(page).toContain('Please sign in to go on')
  const returnTo = /name="returnTo" value="([^"]+)"/.exec(page)![1]!
  const done = await browser.post('/admin/login', { email: emailOf('owner'), password: TEST_PASSWORD, returnTo })
  expect(done.headers.get('location')).toBe('/admin/resources/Booking?filters.status=confirmed')
})

it('never sends anybody to another site', async () => {
  const fields = { email: emailOf('owner'), password: TEST_PASSWORD, returnTo: '//evil.example/admin' }
  const done = await server.visit().post('/admin/login', fields)
  expect(done.headers.get('location')).toBe('/admin')
})

it('says the same for a wrong password and for somebody unknown, and keeps the e-mail', async () => {
  const wrong = await attempt(emailOf('manager'), 'not the password')
  const unknown = await attempt('nobody@example.test', 'not the password')
  expect([wrong.status, unknown.status]).toEqual([401, 401])
  const withoutEmail = async (response: Response, email: string) => (await response.text()).replaceAll(email, '')
  const said = await withoutEmail(wrong, emailOf('manager'))
  expect(said).toContain('That e-mail and password do not belong together')
  expect(await withoutEmail(unknown, 'nobody@example.test')).toBe(said)
  expect(await (await attempt('"><b>mia@example.test', 'x')).text()).toContain(
    'value="&quot;&gt;&lt;b&gt;mia@example.test"',
  )
})

it('verifies a hash for somebody unknown too, so that the answer takes as long', async () => {
  verified.hashes.length = 0
  await attempt('nobody.at.all@example.test')
  expect(verified.hashes).toEqual([expect.stringMatching(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)])
})

it('does not let somebody in who has no password, whatever is typed', async () => {
  const person = await member('owner')
  await sql('UPDATE "User" SET password = NULL WHERE id = $1', [person.id])
  expect((await attempt(person.email, '')).status).toBe(400)
  expect((await attempt(person.email)).status).toBe(401)
})

it('does not let a disabled or locked person in, and says no more than for a wrong password', async () => {
  const disabled = await member('owner')
  await sql('UPDATE "User" SET "disabledAt" = now() WHERE id = $1', [disabled.id])
  const locked = await member('owner')
  await sql(`UPDATE "User" SET "lockedUntil" = now() + interval '1 hour' WHERE id = $1`, [locked.id])
  for (const { email } of [disabled, locked]) {
    const response = await attempt(email)
    expect(response.status).toBe(401)
    expect(await response.text()).toContain('do not belong together')
  }
})

it.each(['instructor', 'student'])('tells a %s that the back office is not for them', async (role) => {
  const response = await attempt((await member(role)).email)
  expect(response.status).toBe(403)
  expect(await response.text()).toContain('no access to the back office')
  expect(response.headers.getSetCookie()).toEqual([])
})

it('does not let a suspended or only invited member in', async () => {
  for (const status of ['suspended', 'invited']) {
    expect((await attempt((await member('admin', status)).email)).status).toBe(403)
  }
})

it.each(['suspended', 'closed'])('does not let anybody into a %s school', async (status) => {
  const other = await school(database, { name: 'Elsewhere', passwordHash: TEST_PASSWORD_HASH })
  await sql('UPDATE "Org" SET status = $2::"OrgStatus" WHERE id = $1', [other.orgId, status])
  expect((await attempt(emailOf('owner', other))).status).toBe(403)
})

it('gives somebody with two roles in a school the stronger one', async () => {
  const person = await member('compliance')
  await sql(`INSERT INTO "UserOrg" ("orgId", "userId", role) VALUES ($1, $2, 'finance'), ($1, $2, 'instructor')`, [
    harbour.orgId,
    person.id,
  ])
  const browser = await server.signIn(person.email)
  expect(await (await browser('/admin/me')).json()).toMatchObject({ role: 'finance' })
})

it('asks for what is missing without counting an attempt', async () => {
  await clearThrottle()
  const response = await server.visit().post('/admin/login', { email: emailOf('owner') })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('Type your e-mail and your password.')
  expect(await sql('SELECT FROM auth.throttle')).toEqual([])
})

it('closes an account for a while after too many wrong passwords, known or not, also for the right one', async () => {
  for (const email of [emailOf('finance'), 'nobody.here@example.test']) {
    await clearThrottle()
    for (let n = 0; n < ATTEMPTS_PER_ACCOUNT; n++) expect((await attempt(email, 'wrong')).status).toBe(401)
    const response = await attempt(email)
    expect(response.status).toBe(429)
    const seconds = Number(response.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(14 * 60)
    expect(seconds).toBeLessThanOrEqual(15 * 60)
    expect(await response.text()).toContain('Too many attempts. Wait 15 minutes, then try again.')
  }
  expect((await attempt(emailOf('manager'))).status).toBe(303)
  await clearThrottle()
})

it('does not let many attempts at once get further than one after the other', async () => {
  await clearThrottle()
  const many = Array.from({ length: ATTEMPTS_PER_ACCOUNT + 5 }, () => attempt(emailOf('compliance'), 'wrong'))
  const statuses = (await Promise.all(many)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 429)).toHaveLength(5)
  await clearThrottle()
})

it('forgets the wrong passwords once the right one is given', async () => {
  await clearThrottle()
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < ATTEMPTS_PER_ACCOUNT - 1; n++) await attempt(emailOf('admin'), 'wrong')
    expect((await attempt(emailOf('admin'))).status).toBe(303)
  }
  await clearThrottle()
})

it('closes an address that tries many accounts, but not a school that signs in a lot', async () => {
  await clearThrottle()
  const throttle = new SignInThrottle(db)
  for (let n = 0; n < ATTEMPTS_PER_ADDRESS; n++) {
    await throttle.attempt('manager@example.test', '192.0.2.7')
    await throttle.forgive('manager@example.test', '192.0.2.7')
  }
  expect(await throttle.attempt('somebody@example.test', '192.0.2.7')).toBe(0)
  for (let n = 0; n < ATTEMPTS_PER_ADDRESS; n++) await throttle.attempt(`person${n}@example.test`, '127.0.0.1')
  const response = await attempt(emailOf('manager'))
  expect(response.status).toBe(429)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  await clearThrottle()
})

it('counts a whole IPv6 network as one address', async () => {
  await clearThrottle()
  const throttle = new SignInThrottle(db)
  for (let n = 0; n < ATTEMPTS_PER_ADDRESS; n++)
    await throttle.attempt(`p${n}@example.test`, `2001:db8:0:1::${n.toString(16)}`)
  expect(await throttle.attempt('q@example.test', '2001:db8:0:1:aaaa:bbbb:cccc:dddd')).toBeGreaterThan(0)
  expect(await throttle.attempt('r@example.test', '2001:db8:0:2::1')).toBe(0)
  await clearThrottle()
})

it('keeps no e-mail address in the throttle table', async () => {
  await clearThrottle()
  await attempt('private.person@example.test', 'wrong')
  const keys = (await sql('SELECT key FROM auth.throttle')).map(({ key }) => String(key))
  expect(keys).toHaveLength(2)
  expect(keys.join()).not.toContain('private')
})

it("writes every sign-in and every refusal into the school's audit log", async () => {
  const person = await member('manager')
  await attempt(person.email, 'wrong')
  await attempt(person.email)
  const events = await sql(
    `SELECT action, "actorUserId" AS actor, "actorKind" AS kind, "actorRole" AS role, "entityId" AS entity, ip, "requestId" IS NOT NULL AS traced
       FROM "AuditLog" WHERE "entityId" = $1::text AND action LIKE 'user.signIn%' ORDER BY seq`,
    [person.id],
  )
  const about = { entity: person.id, ip: '127.0.0.1', traced: true }
  expect(events).toEqual([
    { action: 'user.signInRefused', actor: null, kind: 'system', role: null, ...about },
    { action: 'user.signIn', actor: person.id, kind: 'user', role: 'manager', ...about },
  ])
  const [user] = await sql('SELECT "failedLogins", "lastLoginAt" IS NOT NULL AS seen FROM "User" WHERE id = $1', [
    person.id,
  ])
  expect(user).toEqual({ failedLogins: 0, seen: true })
})

it('tells the demo where its sign-ins are, and nobody else', async () => {
  const demo = await startServer({ db, panel: stubPanel(), config: { demo: true } })
  expect(await (await demo.visit()('/admin/login')).text()).toContain('demo-logins.json')
  await demo.close()
  expect(await (await server.visit()('/admin/login')).text()).not.toContain('demo')
})

it('does not ask somebody who is signed in to sign in', async () => {
  const browser = await server.signIn(emailOf('owner'))
  const response = await browser('/admin/login')
  expect([response.status, response.headers.get('location')]).toEqual([303, '/admin'])
})

it('takes nothing but a small form', async () => {
  const browser = server.visit()
  const send = (type: string, body: string) =>
    browser('/admin/login', { method: 'POST', headers: { 'content-type': type }, body })
  expect((await send('text/plain', 'email=a')).status).toBe(415)
  expect((await send('application/json', '{"email": ')).status).toBe(400)
  expect((await send('application/x-www-form-urlencoded', `email=${'a'.repeat(20_000)}`)).status).toBe(413)
  const nested = await send('application/json', '{"email": {"$ne": 1}, "password": ["x"]}')
  expect(nested.status).toBe(400)
})

it('says so when the cookie could not be kept because the connection is not secure', async () => {
  const secure = await startServer({
    db,
    panel: stubPanel(),
    config: { appUrl: 'https://admin.example.test', trustProxy: 1 },
  })
  const plain = await secure.visit().post('/admin/login', { email: emailOf('owner'), password: TEST_PASSWORD })
  expect(plain.status).toBe(400)
  expect(await plain.text()).toContain('Open https://admin.example.test/admin instead')
  const proxied = await secure.visit()('/admin/login', {
    method: 'POST',
    headers: { 'x-forwarded-proto': 'https' },
    body: new URLSearchParams({ email: emailOf('owner'), password: TEST_PASSWORD }),
  })
  expect(proxied.status).toBe(303)
  expect(proxied.headers.getSetCookie()[0]).toMatch(/^__Host-driveflow=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  await secure.close()
})
