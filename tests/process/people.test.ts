import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { Encryption } from '../../src/http/encryption.ts'
import { SecondFactor } from '../../src/http/second-factor.ts'
import { cloneDatabase, type School, school, type TestDatabase } from '../support/database.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { stubPanel } from '../http/stub-panel.ts'
import { cleanUp, endPrograms, Program, temporaryDirectory } from './program.ts'

let database: TestDatabase
let db: Database
let harbour: School
let server: TestServer
beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  harbour = await school(database, { name: 'Harbour' })
  server = await startServer({ db, panel: stubPanel() })
})
afterEach(endPrograms)
afterAll(async () => {
  await cleanUp()
  await server.close()
  await db.close()
  await database.drop()
})

async function run(...args: string[]): Promise<{ code: number | null; said: string }> {
  const program = new Program('src/main.ts', args, {
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    DATA_DIR: temporaryDirectory(),
    SESSION_SECRET: 'a secret that is long enough for these tests, and more',
  })
  const code = await program.end()
  return { code, said: program.output }
}

test('the owner of the database makes somebody an operator, who signs in with the password that is said once', async () => {
  const refused = await run('operator', '--email', 'wren@example.test')
  expect([refused.code, refused.said]).toEqual([1, expect.stringContaining('is new here: say --name as well.')])
  const { said } = await run('operator', '--email', 'wren@example.test', '--name', 'Wren Abara')
  const password = /said once: (\S+)/.exec(said)![1]!
  const browser = await server.signIn('wren@example.test', password)
  expect((await browser('/admin')).headers.get('location')).toBe('/admin/platform')
  await run('operator', '--email', 'WREN@example.test', '--role', 'none')
  expect((await browser('/admin')).headers.get('location')).toBe('/admin/login')
  // the tables are as closed as before
  expect(await database.console('owner', 'SELECT FROM "User"')).toEqual([])
}, 60_000)

test('a lost second step is reset by a command, and those of another key all at once', async () => {
  const { owner, finance } = harbour.people
  const secret = async (userId: string, key: string) =>
    database.console(
      'superuser',
      'INSERT INTO auth.second_factor ("userId", secret, "confirmedAt") VALUES ($1, $2, now())',
      [userId, new Encryption(key).encrypt('JBSWY3DPEHPK3PXP', userId)],
    )
  await secret(owner, 'a secret that is long enough for these tests, and more')
  await secret(finance, 'the key of last year, long enough as well')
  const factor = new SecondFactor(db, new Encryption(''))
  expect((await run('second-factor:reset', '--unreadable')).said).toContain('1 second step is reset.')
  expect([await factor.isOn(owner), await factor.isOn(finance)]).toEqual([true, false])
  expect((await run('second-factor:reset', '--email', `owner@${harbour.slug}.example.test`)).code).toBe(0)
  expect(await factor.isOn(owner)).toBe(false)
  const nobody = await run('second-factor:reset', '--email', 'nobody@example.test')
  expect([nobody.code, nobody.said]).toEqual([1, expect.stringContaining('Nobody signs in as nobody@example.test.')])
}, 60_000)
