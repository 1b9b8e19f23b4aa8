import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { SMTPServer } from 'smtp-server'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { allJobs, work, type Working } from '../../src/core/jobs.ts'
import { sealAudit } from '../../src/domain/audit/seal.ts'
import { makeLink } from '../../src/domain/identity/links.ts'
import { LINKS_PER_ADDRESS, MAILS_PER_ACCOUNT } from '../../src/http/link-routes.ts'
import { checkNewPassword } from '../../src/http/new-password.ts'
import { cloneDatabase, type Row, type TestDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { startServer, TEST_PASSWORD, TEST_PASSWORD_HASH, type TestServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

let database: TestDatabase
let db: Database
let server: TestServer
let working: Working
let mailServer: SMTPServer
let harbour: School
let dataDir: string
const mails: string[] = []

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'links-'))
  mailServer = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _session, done) => {
      let text = ''
      stream.on('data', (piece: Buffer) => (text += piece.toString()))
      stream.on('end', () => {
        mails.push(text.replaceAll('=\r\n', '').replaceAll('=3D', '='))
        done()
      })
    },
  })
  await new Promise<void>((listening) => mailServer.listen(0, '127.0.0.1', listening))
  const { port } = mailServer.server.address() as { port: number }
  // the job reads the settings of its process
  vi.stubEnv('SMTP_URL', `smtp://127.0.0.1:${port}`)
  vi.stubEnv('MAIL_FROM', 'DriveFlow <office@example.test>')
  vi.stubEnv('DATA_DIR', dataDir)
  vi.stubEnv('APP_URL', 'http://127.0.0.1')
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  server = await startServer({ db, panel: stubPanel() })
  const jobs = (await allJobs()).filter(({ name }) => name === 'sign-in-link.send')
  working = await work(db, { jobs, concurrency: 1, patienceMs: 5_000, onError: (error) => console.error(error) })
})
beforeEach(async () => {
  mails.length = 0
  await database.console('superuser', 'DELETE FROM auth.throttle')
  harbour = await school(database, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
})
afterAll(async () => {
  await working.stop()
  await server.close()
  await db.close()
  await database.drop()
  await new Promise<void>((closed) => mailServer.close(closed))
  vi.unstubAllEnvs()
  rmSync(dataDir, { recursive: true })
})

const NEW = 'tangerine piano walks sideways'
const emailOf = (role: string) => `${role}@${harbour.slug}.example.test`
const sql = (text: string, values?: unknown[]): Promise<Row[]> => database.console('superuser', text, values)
const signIn = async (email: string, password: string) =>
  (await server.visit().post('/admin/login', { email, password })).status

/** What stands in the link of the newest mail, once it is there. */
async function linkIn(path: string): Promise<string> {
  await vi.waitFor(() => expect(mails.length).toBeGreaterThan(0), { timeout: 10_000 })
  return new RegExp(`/admin/${path}\\?token=([\\w-]{43})`).exec(mails.at(-1)!)![1]!
}

const resetLink = (role = 'manager') =>
  makeLink(db, {
    purpose: 'reset',
    orgId: harbour.orgId,
    email: emailOf(role),
    userId: harbour.people[role as 'manager'],
  })
const choose = (token: string, password = NEW, again = password) =>
  server.visit().post('/admin/reset-password', { token, password, again })

describe('a forgotten password', () => {
  it('is replaced through a link that comes by e-mail; sessions of the old one end', async () => {
    const earlier = await server.signIn(emailOf('manager'))
    await server.visit().post('/admin/forgot-password', { email: emailOf('manager').toUpperCase() })
    const token = await linkIn('reset-password')
    expect(mails[0]).toContain(`To: ${emailOf('manager')}`)
    const form = await (await server.visit()(`/admin/reset-password?token=${token}`)).text()
    expect(form).toContain(emailOf('manager'))
    const done = await choose(token)
    expect(done.headers.get('location')).toBe('/admin/login?changed')
    expect((await earlier('/admin')).headers.get('location')).toMatch(/login/)
    expect([await signIn(emailOf('manager'), TEST_PASSWORD), await signIn(emailOf('manager'), NEW)]).toEqual([401, 303])
    const [entry] = await harbour.run(`SELECT "actorUserId" FROM "AuditLog" WHERE action = 'user.passwordReset'`)
    expect(entry).toEqual({ actorUserId: harbour.people.manager })
  })

  it('the answer says nothing about who signs in here', async () => {
    const ask = async (email: string) => {
      const answer = await server.visit().post('/admin/forgot-password', { email })
      return [answer.status, (await answer.text()).replaceAll(email, '')]
    }
    expect(await ask('nobody@example.test')).toEqual(await ask(emailOf('manager')))
    await linkIn('reset-password')
    expect(mails).toHaveLength(1)
  })

  it('so many mails go to one address, and no more, whoever asks', async () => {
    for (let turn = 0; turn < MAILS_PER_ACCOUNT + 2; turn++)
      expect((await server.visit().post('/admin/forgot-password', { email: emailOf('manager') })).status).toBe(200)
    await vi.waitFor(() => expect(mails).toHaveLength(MAILS_PER_ACCOUNT), { timeout: 10_000 })
    const jobs = await sql(
      `SELECT state FROM pgboss.job WHERE name = 'sign-in-link.send' AND state IN ('created', 'retry', 'active')`,
    )
    expect(jobs).toEqual([])
    expect(mails).toHaveLength(MAILS_PER_ACCOUNT)
  })

  it('a link counts once, also when it is followed twice at the same moment', async () => {
    const token = await resetLink()
    const answers = await Promise.all([choose(token), choose(token, 'another four words here')])
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 404]))
    expect((await choose(token)).status).toBe(404)
  })

  it('a newer link makes the older one worthless, and so does an hour', async () => {
    const older = await resetLink()
    const newer = await resetLink()
    expect((await choose(older)).status).toBe(404)
    await sql(`UPDATE auth.link SET "expiresAt" = now() WHERE "userId" = $1`, [harbour.people.manager])
    const late = await choose(newer)
    expect([late.status, await late.text()]).toEqual([404, expect.stringContaining('used already, or is too old')])
  })

  it('what stands in a link is nowhere in the database', async () => {
    const token = await resetLink()
    const kept = await sql(
      `SELECT (SELECT string_agg(l::text, '') FROM auth.link l) || coalesce((SELECT string_agg(data::text, '') FROM pgboss.job), '') AS all`,
    )
    expect(String(kept[0]!.all)).not.toContain(token)
  })

  it('guessing links is closed after so many tries from one address', async () => {
    const guess = () => choose('A'.repeat(43))
    for (let turn = 0; turn < LINKS_PER_ADDRESS; turn++) expect((await guess()).status).toBe(404)
    expect((await guess()).status).toBe(429)
  })

  it('a weak or mistyped password is refused with a sentence, and the link still counts', async () => {
    const token = await resetLink()
    for (const [password, again, sentence] of [
      ['short', 'short', 'at least 15 characters'],
      ['passwordpassword123', 'passwordpassword124', 'not the same'],
      ['aaaaaaaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaaaaaaa', 'too easy to guess'],
    ] as const) {
      const answer = await choose(token, password, again)
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(sentence)])
    }
    expect((await choose(token)).status).toBe(303)
  })
})

describe('an invitation', () => {
  const invited = {
    purpose: 'invitation',
    email: 'Zoe.Brandt@example.test',
    fullName: 'Zoë Brandt',
    role: 'finance',
  } as const
  const accept = (token: string, fields: Record<string, string> = { password: NEW, again: NEW }) =>
    server.visit().post('/admin/invitation', { token, ...fields })

  it('makes somebody a member with the role they were invited as, and with their own password', async () => {
    const token = await makeLink(db, { ...invited, orgId: harbour.orgId })
    const members = () =>
      harbour.run(
        `SELECT u.email, m.role, m.status FROM "UserOrg" m JOIN "User" u ON u.id = m."userId" WHERE u.email ILIKE 'zoe%'`,
      )
    expect(await members()).toEqual([])
    expect(await (await server.visit()(`/admin/invitation?token=${token}`)).text()).toContain('Welcome to Harbour')
    expect((await accept(token)).status).toBe(303)
    expect(await members()).toEqual([{ email: invited.email, role: 'finance', status: 'active' }])
    expect(await signIn(invited.email, NEW)).toBe(303)
    const log = await harbour.run(
      `SELECT action FROM "AuditLog" WHERE action IN ('user.invitationAccepted', 'userOrg.create') AND "createdAt" > now() - interval '20 s' ORDER BY seq DESC LIMIT 2`,
    )
    expect(log.map(({ action }) => action)).toEqual(['user.invitationAccepted', 'userOrg.create'])
  })

  it('somebody who works in another school keeps their password and gets one more school', async () => {
    const torrens = await school(database, { name: 'Torrens', passwordHash: TEST_PASSWORD_HASH })
    const email = `manager@${torrens.slug}.example.test`
    const token = await makeLink(db, { ...invited, email, orgId: harbour.orgId })
    const page = await (await server.visit()(`/admin/invitation?token=${token}`)).text()
    expect(page).toContain('You have a password already')
    expect((await accept(token, {})).status).toBe(303)
    const browser = await server.signIn(email)
    const { schools } = (await (await browser('/admin/me')).json()) as { schools: { name: string }[] }
    expect(schools.map(({ name }) => name)).toEqual(['Harbour', 'Torrens'])
  })

  it('nobody becomes a member without one: the sign-in role itself cannot make them', async () => {
    const forged = database.transaction({}, async (run) => {
      await run('SET LOCAL ROLE driveflow_auth')
      await run(`INSERT INTO "UserOrg" ("orgId", "userId", role) VALUES ($1, $2, 'owner')`, [
        harbour.orgId,
        harbour.people.manager,
      ])
    })
    await expect(forged).rejects.toMatchObject({ code: '42501' })
  })

  it('an invitation is no way to a new password, and a reset no way into a school', async () => {
    const invitation = await makeLink(db, { ...invited, email: emailOf('manager'), orgId: harbour.orgId })
    expect((await choose(invitation)).status).toBe(404)
    expect((await accept(await resetLink())).status).toBe(404)
  })
})

it('the heads of the audit chains go out by e-mail, once a day', async () => {
  vi.stubEnv('AUDIT_HEADS_MAIL', 'trustee@example.test')
  await sealAudit(db)
  const publish = (await allJobs()).find(({ name }) => name === 'audit.publish-heads')!
  const run = () => publish.run({ db } as never, {}, {} as never)
  await run()
  await run()
  expect(mails).toHaveLength(1)
  expect(mails[0]).toContain('To: trustee@example.test')
  const [head] = await harbour.run('SELECT number, hash FROM audit.head')
  expect(mails[0]).toContain(`"hash":"${String(head!.hash)}"`)
})

it('the demo, which has no mail server, keeps its letters in a file', async () => {
  vi.stubEnv('SMTP_URL', '')
  await server.visit().post('/admin/forgot-password', { email: emailOf('owner') })
  const file = join(dataDir, 'sign-in-links.txt')
  await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 10_000 })
  expect(readFileSync(file, 'utf8')).toMatch(/To: owner@.*\n.*\n\n[^]*token=[\w-]{43}/)
})

describe('a new password', () => {
  const judged = (password: string, second = false) => {
    try {
      checkNewPassword(password, ['mia.khan@example.test', 'Mia Khan', 'Harbour City Driving'], second)
      return 'taken'
    } catch (error) {
      return (error as Error).message
    }
  }
  it('is long, or has a second step beside it, and is not the name of anybody', () => {
    expect(judged(NEW)).toBe('taken')
    expect(judged('kzu7-pqr3')).toMatch(/at least 15/)
    expect(judged('kzu7-pqr3', true)).toBe('taken')
    expect(judged('Harbour City Driving!')).toMatch(/too easy/)
    expect(judged('mia.khan@example.test1')).toMatch(/too easy/)
    expect(judged('password123456789')).toMatch(/too easy/)
    expect(judged('é'.repeat(129))).toMatch(/at most 128/)
  })
})
