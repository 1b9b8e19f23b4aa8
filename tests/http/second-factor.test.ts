import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Secret, TOTP } from 'otpauth'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { Encryption } from '../../src/http/encryption.ts'
import { SecondFactor } from '../../src/http/second-factor.ts'
import { CODES_PER_PERSON } from '../../src/http/second-factor-routes.ts'
import { cloneDatabase, type Row, type TestDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { type Browser, startServer, TEST_PASSWORD, TEST_PASSWORD_HASH, type TestServer } from '../support/server.ts'
import { stubPanel } from './stub-panel.ts'

let database: TestDatabase
let db: Database
let server: TestServer
let harbour: School
beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  server = await startServer({ db, panel: stubPanel(), config: { secondFactorRequired: true } })
})
beforeEach(async () => {
  await database.console('superuser', 'DELETE FROM auth.throttle')
  harbour = await school(database, { passwordHash: TEST_PASSWORD_HASH })
})
afterAll(async () => {
  await server.close()
  await db.close()
  await database.drop()
})

const emailOf = (role: string) => `${role}@${harbour.slug}.example.test`
const sql = (text: string, values?: unknown[]): Promise<Row[]> => database.console('superuser', text, values)
const actions = async (id: string) =>
  (await harbour.run('SELECT action FROM "AuditLog" WHERE "entityId" = $1 ORDER BY seq', [id])).map(
    ({ action }) => action,
  )

const keyIn = (page: string): string => /<code>([A-Z2-7 ]+)<\/code>/.exec(page)![1]!.replaceAll(' ', '')
/** The code of the app now, or so many half minutes away. */
const codeOf = (key: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: Date.now() + steps * 30_000 })

async function enrol(role: string): Promise<{ browser: Browser; key: string; codes: string[] }> {
  const browser = await server.signIn(emailOf(role))
  const key = keyIn(await (await browser('/admin/second-factor/set-up')).text())
  const done = await (await browser.post('/admin/second-factor/set-up', { code: codeOf(key, -1) })).text()
  return { browser, key, codes: [...done.matchAll(/<code>([A-Z2-9-]{14})<\/code>/g)].map(([, code]) => code!) }
}

/** Signs in up to the second step. */
async function halfway(role: string): Promise<Browser> {
  const browser = server.visit()
  const answer = await browser.post('/admin/login', { email: emailOf(role), password: TEST_PASSWORD })
  expect(answer.headers.get('location')).toMatch(/^\/admin\/second-factor\?/)
  return browser
}

describe('who must have a second factor', () => {
  it.for(['owner', 'finance', 'compliance'])('%s sees nothing before it is set up', async (role) => {
    const browser = await server.signIn(emailOf(role))
    expect((await browser('/admin')).headers.get('location')).toBe('/admin/second-factor/set-up')
    const refused = await browser('/admin/me', { headers: { accept: 'application/json' } })
    expect([refused.status, ((await refused.json()) as { message: string }).message]).toEqual([
      403,
      'Your role needs a second step at sign-in. Set it up first.',
    ])
    expect(await (await browser('/admin/second-factor/set-up')).text()).toContain('<svg')
  })

  it.for(['admin', 'manager'])('%s may go without', async (role) => {
    const browser = await server.signIn(emailOf(role))
    expect((await browser('/admin/me')).status).toBe(200)
  })

  it('somebody who becomes an owner needs it from the next click on', async () => {
    const browser = await server.signIn(emailOf('manager'))
    await sql(`UPDATE "UserOrg" SET role = 'owner' WHERE "userId" = $1`, [harbour.people.manager])
    expect((await browser('/admin')).headers.get('location')).toBe('/admin/second-factor/set-up')
  })

  it('nobody does in the demo', async () => {
    const demo = await startServer({ db, panel: stubPanel(), config: { demo: true, secondFactorRequired: false } })
    const browser = await demo.signIn(emailOf('owner'))
    expect((await browser('/admin/me')).status).toBe(200)
    await demo.close()
  })
})

describe('setting it up', () => {
  it('opens the panel with the first right code, shows ten recovery codes once, and is in the log', async () => {
    const { browser, codes } = await enrol('owner')
    expect(new Set(codes).size).toBe(10)
    expect((await browser('/admin/me')).status).toBe(200)
    expect((await browser('/admin/second-factor/set-up')).headers.get('location')).toBe('/admin/profile')
    expect(await actions(harbour.people.owner)).toContain('user.secondFactorOn')
  })

  it('protects nothing until the first code was right', async () => {
    const browser = await server.signIn(emailOf('owner'))
    await browser('/admin/second-factor/set-up')
    const wrong = await browser.post('/admin/second-factor/set-up', { code: '000000' })
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('That code is not right')])
    expect(
      (await server.visit().post('/admin/login', { email: emailOf('owner'), password: TEST_PASSWORD })).headers.get(
        'location',
      ),
    ).toBe('/admin')
  })

  it('shows the same key again until then, so that two open pages agree', async () => {
    const browser = await server.signIn(emailOf('owner'))
    const key = async () => keyIn(await (await browser('/admin/second-factor/set-up')).text())
    expect(await key()).toBe(await key())
  })

  it('ends other sessions of a role that must have it, which have not proved it', async () => {
    const earlier = await server.signIn(emailOf('owner'))
    await enrol('owner')
    expect((await earlier('/admin')).headers.get('location')).toBe('/admin/second-factor/set-up')
    expect((await earlier('/admin/second-factor/set-up')).headers.get('location')).toBe('/admin/login')
    expect((await earlier('/admin')).headers.get('location')).toBe('/admin/login')
  })
})

describe('signing in with it', () => {
  it('needs the password and the code', async () => {
    const { key } = await enrol('owner')
    const browser = await halfway('owner')
    expect((await browser('/admin')).headers.get('location')).toBe('/admin/second-factor')
    expect((await browser('/admin/me', { headers: { accept: 'application/json' } })).status).toBe(401)
    const before = browser.cookies.values().next().value
    const done = await browser.post('/admin/second-factor', { code: codeOf(key), returnTo: '/admin/resources/Booking' })
    expect(done.headers.get('location')).toBe('/admin/resources/Booking')
    expect(browser.cookies.values().next().value).not.toBe(before)
    expect((await browser('/admin/me')).status).toBe(200)
    expect(await actions(harbour.people.owner)).toContain('user.signIn')
  })

  it('is no sign-in before the code', async () => {
    await enrol('owner')
    const before = (await actions(harbour.people.owner)).filter((one) => one === 'user.signIn').length
    await halfway('owner')
    expect((await actions(harbour.people.owner)).filter((one) => one === 'user.signIn')).toHaveLength(before)
  })

  it('takes each code once, also when it comes twice at the same moment', async () => {
    const { key } = await enrol('owner')
    const code = codeOf(key)
    const browsers = [await halfway('owner'), await halfway('owner')]
    const answers = await Promise.all(browsers.map((browser) => browser.post('/admin/second-factor', { code })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 401]))
    const again = await (await halfway('owner')).post('/admin/second-factor', { code })
    expect([again.status, await again.text()]).toEqual([401, expect.stringContaining('or was used before')])
    expect(await actions(harbour.people.owner)).toContain('user.secondFactorRefused')
  })

  it('takes no code of an earlier minute', async () => {
    const { key } = await enrol('owner')
    const browser = await halfway('owner')
    expect((await browser.post('/admin/second-factor', { code: codeOf(key, -4) })).status).toBe(401)
  })

  it('takes a recovery code once, however it is typed, and notes it', async () => {
    const { codes } = await enrol('finance')
    const typed = codes[0]!.toLowerCase().replaceAll('-', ' ')
    const browser = await halfway('finance')
    expect((await browser.post('/admin/second-factor', { code: typed })).status).toBe(303)
    expect(await (await browser('/admin/profile')).text()).toContain('You have 9 recovery codes left')
    expect((await (await halfway('finance')).post('/admin/second-factor', { code: typed })).status).toBe(401)
    expect(await actions(harbour.people.finance)).toContain('user.recoveryCodeUsed')
  })

  it('closes after so many tries, also for the right code and in another browser', async () => {
    const { key } = await enrol('owner')
    const browser = await halfway('owner')
    for (let turn = 0; turn < CODES_PER_PERSON; turn++)
      expect((await browser.post('/admin/second-factor', { code: '000000' })).status).toBe(401)
    const closed = await (await halfway('owner')).post('/admin/second-factor', { code: codeOf(key) })
    expect([closed.status, await closed.text()]).toEqual([429, expect.stringContaining('Too many attempts')])
  })

  it('cannot be had without the password', async () => {
    const { key } = await enrol('owner')
    const nobody = await server.visit().post('/admin/second-factor', { code: codeOf(key) })
    expect(nobody.headers.get('location')).toBe('/admin/login')
  })
})

describe('what is stored', () => {
  it('neither the key nor a recovery code can be read from the database', async () => {
    const { key, codes } = await enrol('owner')
    const [stored] = await sql('SELECT row_to_json(f)::text AS factor FROM auth.second_factor f WHERE "userId" = $1', [
      harbour.people.owner,
    ])
    const kept = await sql('SELECT hash FROM auth.recovery_code WHERE "userId" = $1', [harbour.people.owner])
    const text = JSON.stringify([stored, kept])
    for (const secret of [key, ...codes, ...codes.map((code) => code.replaceAll('-', ''))])
      expect(text).not.toContain(secret)
    const app = harbour.run('SELECT secret FROM auth.second_factor')
    await expect(app).rejects.toMatchObject({ code: '42501' })
  })

  it('a key that is moved to somebody else’s row, or read with another key, is worth nothing', () => {
    const encryption = new Encryption('a secret that is long enough for tests')
    const stored = encryption.encrypt('JBSWY3DPEHPK3PXP', 'mia')
    expect(encryption.decrypt(stored, 'mia')).toBe('JBSWY3DPEHPK3PXP')
    expect(() => encryption.decrypt(stored, 'tom')).toThrow(/authenticate/)
    expect(() => new Encryption('another secret that is long enough').decrypt(stored, 'mia')).toThrow(/authenticate/)
  })
})

describe('losing it', () => {
  it('new recovery codes make the old ones worthless, and want the password', async () => {
    const { browser, codes } = await enrol('owner')
    const wrong = await browser.post('/admin/second-factor/recovery-codes', { password: 'not it at all' })
    expect(wrong.status).toBe(400)
    const made = await (await browser.post('/admin/second-factor/recovery-codes', { password: TEST_PASSWORD })).text()
    expect(made).not.toContain(codes[0]!)
    expect((await (await halfway('owner')).post('/admin/second-factor', { code: codes[0]! })).status).toBe(401)
  })

  it('another owner resets it: sessions end, and the next sign-in sets it up anew', async () => {
    const { browser } = await enrol('finance')
    const acting = { user_id: harbour.people.owner, role: 'owner', actor_kind: 'user' }
    await harbour.run('SELECT auth.reset_second_factor($1)', [harbour.people.finance], acting)
    expect((await browser('/admin')).headers.get('location')).toBe('/admin/login')
    const again = await server.signIn(emailOf('finance'))
    expect((await again('/admin')).headers.get('location')).toBe('/admin/second-factor/set-up')
    expect(await actions(harbour.people.finance)).toContain('user.secondFactorReset')
  })

  it('nobody resets that of another school’s people, or of somebody who works in two', async () => {
    const torrens = await school(database, { passwordHash: TEST_PASSWORD_HASH })
    await enrol('finance')
    await expect(torrens.run('SELECT auth.reset_second_factor($1)', [harbour.people.finance])).rejects.toMatchObject({
      code: '42501',
    })
    await torrens.add('UserOrg', { userId: harbour.people.finance, role: 'finance' })
    await expect(torrens.run('SELECT auth.reset_second_factor($1)', [harbour.people.finance])).rejects.toMatchObject({
      constraint: 'user_shared',
    })
  })

  it('a changed ENCRYPTION_KEY is said in a sentence, and whoever it locks out is found and reset', async () => {
    const { codes, key } = await enrol('owner')
    const other = { encryptionKey: 'quite another key of the same good length' }
    const changed = await startServer({ db, panel: stubPanel(), config: { secondFactorRequired: true, ...other } })
    const browser = changed.visit()
    await browser.post('/admin/login', { email: emailOf('owner'), password: TEST_PASSWORD })
    for (const code of [codeOf(key), codes[0]!]) {
      const answer = await browser.post('/admin/second-factor', { code })
      expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('another ENCRYPTION_KEY')])
    }
    const factor = new SecondFactor(db, new Encryption(other.encryptionKey))
    expect(await factor.unreadable(100)).toContain(harbour.people.owner)
    await sql('DELETE FROM auth.second_factor WHERE "userId" <> $1', [harbour.people.owner])
    expect([await factor.reset(harbour.people.owner), await factor.unreadable(100)]).toEqual([true, []])
    expect(await actions(harbour.people.owner)).toContain('user.secondFactorReset')
    // begun under the old key and never used: shown anew
    await new SecondFactor(db, new Encryption('a secret that is long enough for tests')).offer(
      harbour.people.owner,
      'o',
    )
    const again = await changed.signIn(emailOf('owner'))
    expect(await (await again('/admin/second-factor/set-up')).text()).toContain('<svg')
    await changed.close()
  })

  it('recovery codes stay with whom they were made for', async () => {
    const { codes } = await enrol('owner')
    const factor = new SecondFactor(db, new Encryption('a secret that is long enough for tests'))
    await enrol('finance')
    expect(await factor.check(harbour.people.finance, codes[1]!)).toBeNull()
    expect(await factor.check(harbour.people.owner, codes[1]!)).toBe('recovery')
  })
})
