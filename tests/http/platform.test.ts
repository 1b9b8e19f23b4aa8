import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { confirmed, recordAction } from '../support/actions.ts'
import { cloneDatabase, type Row, type TestDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type Browser, startServer, TEST_PASSWORD_HASH, type TestServer } from '../support/server.ts'

let database: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let torrens: School
beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  server = await startServer({ db })
})
beforeEach(async () => {
  await sql('DELETE FROM auth.throttle')
  harbour = await school(database, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  torrens = await school(database, { name: 'Torrens', passwordHash: TEST_PASSWORD_HASH })
})
afterAll(async () => {
  await server.close()
  await db.close()
  await database.drop()
})

const sql = (text: string, values?: unknown[]): Promise<Row[]> => database.console('superuser', text, values)

/** Somebody of the platform, who is in no school. */
async function employ(role: 'operator' | 'support' = 'operator'): Promise<{ id: string; email: string }> {
  const [id, email] = [randomUUID(), `${randomUUID()}@platform.example.test`]
  await sql(
    'INSERT INTO "User" (id, email, "fullName", password, "platformRole") VALUES ($1, $2, $3, $4, $5::"PlatformRole")',
    [id, email, `Odile of the platform`, TEST_PASSWORD_HASH, role],
  )
  return { id, email }
}

const REASON = 'Ticket 4711: reminders were sent twice'
const enter = (browser: Browser, fields: Record<string, string> = {}, of = harbour) =>
  browser.post('/admin/platform/enter', { school: of.orgId, minutes: '30', reason: REASON, ...fields })
async function inside(of = harbour): Promise<{ browser: Browser; id: string }> {
  const { id, email } = await employ()
  const browser = await server.signIn(email)
  expect((await enter(browser, {}, of)).headers.get('location')).toBe('/admin')
  return { browser, id }
}
const api = (browser: Browser, path: string, init: RequestInit = {}) =>
  browser(`/admin/api/${path}`, { headers: { accept: 'application/json' }, ...init })
const students = async (browser: Browser) =>
  (await api(browser, 'resources/Student/actions/list').then((answer) => answer.json())) as { records?: unknown[] }
const staff = (role: string, of = harbour) => server.signIn(`${role}@${of.slug}.example.test`)

it('somebody of the platform signs in and is in no school', async () => {
  const browser = await server.signIn((await employ()).email)
  expect((await browser('/admin')).headers.get('location')).toBe('/admin/platform')
  const refused = await api(browser, 'resources/Student/actions/list')
  expect([refused.status, await refused.json()]).toMatchObject([
    403,
    { message: expect.stringMatching(/^Your access to the school is over/) as string },
  ])
  expect(await (await browser('/admin/platform')).text()).toContain('Look into a school')
})

it('the page of the platform does not exist for the people of a school', async () => {
  const owner = await staff('owner')
  expect((await owner('/admin/platform')).status).toBe(404)
  expect((await enter(owner)).status).toBe(404)
})

it('a look needs a reason, a time of at most four hours and a school', async () => {
  const browser = await server.signIn((await employ()).email)
  const said = async (fields: Record<string, string>) => {
    const answer = await enter(browser, fields)
    return [answer.status, /role="alert">([^<]*)</.exec(await answer.text())?.[1]]
  }
  expect(await said({ reason: 'because' })).toEqual([400, expect.stringMatching(/^Say why/)])
  expect(await said({ minutes: '300' })).toEqual([400, 'Choose for how long you need to look.'])
  expect(await said({ school: randomUUID() })).toEqual([404, 'There is no such school.'])
  expect(await said({ school: 'x' })).toEqual([400, 'Choose it from the list.'])
  expect((await said({ reason: `${REASON}\0`, q: '\0' }))[0]).toBe(400)
  expect(await sql('SELECT FROM "OperatorAccess" WHERE "orgId" = $1', [harbour.orgId])).toEqual([])
})

it('inside they read that school and no other, and what they do is said to be theirs', async () => {
  const { browser, id } = await inside()
  expect((await students(browser)).records).toHaveLength(1)
  expect((await api(browser, `resources/Student/records/${harbour.studentId}/show`)).status).toBe(200)
  expect((await api(browser, `resources/Student/records/${torrens.studentId}/show`)).status).toBe(404)
  const log = await harbour.run(
    `SELECT action, "actorKind"::text AS kind, reason FROM "AuditLog" WHERE "actorUserId" = $1 ORDER BY seq`,
    [id],
  )
  expect(log).toEqual(
    expect.arrayContaining([
      { action: 'operatorAccess.create', kind: 'operator', reason: null },
      { action: 'operator.enter', kind: 'operator', reason: REASON },
    ]),
  )
  // whoever answers for the school reads the name
  const answer = await api(await staff('compliance'), 'panel/audit?action=operator.enter')
  expect(((await answer.json()) as { entries: unknown[] }).entries).toMatchObject([
    { who: 'Odile of the platform', role: 'The platform', reason: REASON },
  ])
})

it('they change nothing, approve nothing and take no file', async () => {
  const { browser } = await inside()
  const form = { method: 'POST', body: new URLSearchParams({ fullName: 'Renamed' }) }
  const attempts = [
    `resources/Student/records/${harbour.studentId}/edit`,
    'resources/Student/actions/new',
    'panel/export/Student',
    'panel/audit/manifest',
  ]
  const answers = await Promise.all(attempts.map(async (path) => [path, (await api(browser, path, form)).status]))
  expect(answers).toEqual(attempts.map((path) => [path, 403]))
  const credential = await harbour.add('InstructorCredential', {
    instructorId: harbour.instructorId,
    kind: 'medical',
    number: 'ME 12345',
    jurisdiction: 'NSW',
    expiresOn: '2031-01-01',
  })
  const verify = `resources/InstructorCredential/bulk/verify?recordIds=${credential.id}`
  for (const answer of [await api(browser, verify, form), await api(browser, verify)])
    expect(await answer.text()).toContain('look, and change nothing')
  expect((await harbour.run('SELECT "fullName" FROM "Student"'))[0]).toMatchObject({ fullName: 'Mia Kowalski' })
})

it('a look ends by its time at the very next request', async () => {
  const { browser, id } = await inside()
  expect((await students(browser)).records).toHaveLength(1)
  await sql(
    `UPDATE "OperatorAccess" SET "startedAt" = now() - interval '2 minutes', "endsAt" = now() - interval '1 second' WHERE "operatorId" = $1`,
    [id],
  )
  expect((await api(browser, 'resources/Student/actions/list')).status).toBe(403)
  expect((await browser('/admin')).headers.get('location')).toBe('/admin/platform?over=1')
})

it('the school sees them at once, and owner and compliance end it at once', async () => {
  for (const role of ['owner', 'compliance']) {
    const { browser, id } = await inside()
    const colleague = await staff(role)
    const seen = (await (await api(colleague, 'panel/visitors')).json()) as { visitors: { id: string }[] }
    const [row] = await sql('SELECT id FROM "OperatorAccess" WHERE "operatorId" = $1', [id])
    expect(seen.visitors).toContainEqual(
      expect.objectContaining({ id: row!.id, name: 'Odile of the platform', reason: REASON }),
    )
    await confirmed(colleague, recordAction('OperatorAccess', row!.id, 'end'))
    expect((await api(browser, 'resources/Student/actions/list')).status).toBe(403)
    const over = await sql('SELECT "endedById" FROM "OperatorAccess" WHERE id = $1', [row!.id])
    expect(over).toEqual([{ endedById: harbour.people[role as 'owner'] }])
  }
  expect((await api(await staff('manager'), 'panel/visitors')).status).toBe(403)
})

it('they leave by themselves, and what is over stays over', async () => {
  const { browser, id } = await inside()
  const [access] = await sql('SELECT id FROM "OperatorAccess" WHERE "operatorId" = $1', [id])
  expect((await enter(browser)).status).toBe(409)
  const left = await browser.post('/admin/platform/leave', { access: access!.id })
  expect(left.headers.get('location')).toBe('/admin/platform?left=1')
  expect((await browser.post('/admin/platform/go', { access: access!.id })).status).toBe(404)
  await expect(
    sql('UPDATE "OperatorAccess" SET "endedAt" = NULL, "endedById" = NULL WHERE id = $1', [access!.id]),
  ).rejects.toThrow('This access is over already.')
})

it('outside the demo nothing is seen without a second step', async () => {
  const strict = await startServer({ db, config: { secondFactorRequired: true } })
  const browser = await strict.signIn((await employ('support')).email)
  expect((await browser('/admin/platform')).headers.get('location')).toBe('/admin/second-factor/set-up')
  expect((await enter(browser)).headers.get('location')).toBe('/admin/second-factor/set-up')
  expect(await (await browser('/admin/second-factor/set-up')).text()).toContain('<svg')
  await strict.close()
})

it('an operator opens a school with its usual rules and an invited owner; support does not', async () => {
  const fields = {
    name: 'Derwent Driving',
    abn: '00 412 905 731',
    timeZone: 'Australia/Hobart',
    ownerName: 'Wren Abara',
    ownerEmail: 'wren@example.test',
  }
  const support = await server.signIn((await employ('support')).email)
  expect((await support.post('/admin/platform/create', fields)).status).toBe(403)
  const operator = await server.signIn((await employ()).email)
  const wrong = await operator.post('/admin/platform/create', { ...fields, abn: '12' })
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('An ABN has eleven digits.')])
  expect((await operator.post('/admin/platform/create', fields)).headers.get('location')).toBe(
    '/admin/platform?created=1',
  )
  const [made] = await sql(`SELECT id, status FROM "Org" WHERE name = 'Derwent Driving'`)
  expect(made).toMatchObject({ status: 'active' })
  const count = await sql(
    `SELECT (SELECT count(*)::int FROM "CancellationPolicy" p WHERE p."orgId" = $1) AS policies,
            (SELECT "actorKind"::text FROM "AuditLog" WHERE "orgId" = $1 AND action = 'org.create') AS kind,
            (SELECT count(*)::int FROM pgboss.job WHERE name = 'sign-in-link.send' AND data ->> 'orgId' = $1::text) AS invited`,
    [made!.id],
  )
  expect(count).toEqual([{ policies: 8, kind: 'operator', invited: 1 }])
})

it('a suspended school: nobody signs in, who is in is out, the data stays, and the reason is in its log', async () => {
  const manager = await staff('manager')
  const operator = await server.signIn((await employ()).email)
  const move = (to: string, reason: string) => operator.post(`/admin/platform/${to}`, { school: harbour.orgId, reason })
  expect((await move('suspend', '')).status).toBe(400)
  expect((await move('reopen', 'Paid')).status).toBe(409)
  expect((await move('suspend', 'Has not paid for March')).status).toBe(303)
  expect((await manager('/admin')).status).toBe(303)
  await expect(staff('owner')).rejects.toThrow('your school is closed')
  expect((await move('reopen', 'Has paid')).status).toBe(303)
  expect((await students(await staff('owner'))).records).toHaveLength(1)
  const log = await harbour.run(`SELECT reason FROM "AuditLog" WHERE action = 'org.update' ORDER BY seq`)
  expect(log).toEqual([{ reason: 'Has not paid for March' }, { reason: 'Has paid' }])
})

it('events of no school are listed for operators', async () => {
  await sql(
    `INSERT INTO "WebhookEvent" (provider, "eventType", "eventId", payload, status, "receivedAt", "lastError")
     VALUES ('stripe', 'account.updated', $1, '{}', 'quarantined', now(), 'No school has the account acct_unknown.')`,
    [`evt_${randomUUID()}`],
  )
  const page = async (role: 'operator' | 'support') =>
    await (await (await server.signIn((await employ(role)).email))('/admin/platform')).text()
  expect(await page('operator')).toContain('No school has the account acct_unknown.')
  expect(await page('support')).not.toContain('account.updated')
})
