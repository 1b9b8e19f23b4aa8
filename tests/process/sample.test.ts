import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../../src/core/root.ts'
import { confirmed, open, preview, recordAction } from '../support/actions.ts'
import { type School, type TestDatabase, cloneDatabase, school } from '../support/database.ts'
import { Scratch, builtAssets } from '../support/scratch.ts'
import { type Browser, TEST_PASSWORD, TEST_PASSWORD_HASH, openBrowser } from '../support/server.ts'
import { untilTrue } from './program.ts'
import { columns, declarations, enumeration, indexes, relation, sql } from './sample/declarations.ts'

// The steps of "To add a model" in the README, from nothing to people who work with it, in a copy of the project.

let database: TestDatabase
let harbour: School
let scratch: Scratch
let web: ChildProcess | undefined
let address = ''

beforeAll(async () => {
  database = await cloneDatabase()
  harbour = await school(database, { passwordHash: TEST_PASSWORD_HASH })
  scratch = new Scratch()
})

afterAll(async () => {
  if (web && web.exitCode === null) {
    web.kill('SIGTERM')
    await once(web, 'close')
  }
  await database?.drop()
  scratch?.remove()
})

test('a model is added by a block, a migration and at most 15 lines', { timeout: 120_000 }, async () => {
  await scratch.main(['new', 'model', 'DrivingTest', 'lessons'])
  writeBlock()
  writeMigration()
  for (const [file, text] of Object.entries(declarations)) scratch.write(file, text)
  const lines = Object.values(declarations).flatMap((text) => text.trim().split('\n'))
  expect(lines.length).toBeLessThanOrEqual(15)

  // the README shows what is tried here
  const readme = readFileSync(root('README.md'), 'utf8')
  for (const text of Object.values(declarations)) expect(readme).toContain(text.slice(text.indexOf('export default')))

  await scratch.generate()
  await scratch.compile()
  await scratch.checkFormat(Object.keys(declarations))
  // what the project itself has is another test's
  const gaps = await scratch.main(['check']).catch(({ message }: Error) => message)
  expect(gaps).not.toMatch(/driving.?test/i)
  await scratch.main(['migrate'], { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl })
  expect(await harbour.run('SELECT count(*)::int AS rows FROM "DrivingTest"')).toEqual([{ rows: 0 }])
})

function writeBlock(): void {
  const file = 'prisma/lessons.prisma'
  const before = scratch.read(file).lastIndexOf('model DrivingTest {')
  const [others, block] = [scratch.read(file).slice(0, before), scratch.read(file).slice(before)]
  const written = block
    .replace('  name      String\n', columns)
    .replace('\n\n  @@unique', `${relation}\n  @@unique`)
    .replace('  @@index([orgId, name])\n', indexes)
  scratch.write(file, others + written + enumeration)
  scratch.replace('prisma/people.prisma', 'model Student {\n', 'model Student {\n  drivingTests DrivingTest[]\n')
}

function writeMigration(): void {
  const folder = readdirSync(join(scratch.path, 'prisma/migrations')).find((name) => name.endsWith('_driving_test'))
  const file = `prisma/migrations/${folder}/migration.sql`
  scratch.replace(file, 'CREATE TABLE', `${sql.type}CREATE TABLE`)
  scratch.replace(file, '    "name" TEXT NOT NULL,\n', sql.columns)
  scratch.replace(file, 'CREATE INDEX "DrivingTest_orgId_name_idx" ON "DrivingTest"("orgId", "name");\n', sql.rest)
}

test('its panel starts', { timeout: 60_000 }, async () => {
  const dataDir = join(scratch.path, '.data')
  builtAssets(dataDir)
  const { PATH, HOME } = process.env
  // in a demonstration owners and finance need no second factor
  const settings = {
    SESSION_SECRET: 'a secret that is long enough for tests',
    PORT: '0',
    LOG_LEVEL: 'warn',
    DEMO: 'true',
  }
  const env = { PATH, HOME, ...settings, DATABASE_URL: database.url, DATA_DIR: dataDir }
  let said = ''
  web = spawn(process.execPath, [join(scratch.path, 'src/main.ts'), 'web'], { cwd: scratch.path, env })
  for (const stream of [web.stdout!, web.stderr!]) stream.on('data', (text) => (said += String(text)))
  await untilTrue(() => /listens on/.test(said) || web!.exitCode !== null, 'the panel to start', 55_000)
  expect(said).toMatch(/listens on/)
  address = /listens on .*: (http\S+)\/admin/.exec(said)![1]!
})

const api = (path: string) => `/admin/api/resources/DrivingTest/${path}`

async function signedIn(role: string): Promise<Browser> {
  const browser = openBrowser(address)
  const email = `${role}@${harbour.slug}.example.test`
  expect((await browser.post('/admin/login', { email, password: TEST_PASSWORD })).status).toBe(303)
  return browser
}

interface Saved {
  record: { id: string; params: Record<string, unknown>; errors: Record<string, { message: string }> }
}
const save = async (as: Browser, path: string, fields: Record<string, string>): Promise<Saved> =>
  (await (await as.post(api(path), fields)).json()) as Saved
const found = async (as: Browser, query: string): Promise<number> => {
  const { meta } = (await (await as(api(`actions/list?${query}`))).json()) as { meta: { total: number } }
  return meta.total
}

test('people use it as far as their roles go, and somebody else agrees to a result', { timeout: 60_000 }, async () => {
  const [manager, owner, finance] = (await Promise.all(['manager', 'owner', 'finance'].map(signedIn))) as [
    Browser,
    Browser,
    Browser,
  ]
  const values = { student: harbour.studentId, takenOn: '2031-05-06', feeCents: '9900' }
  const { record } = await save(manager, 'actions/new', values)
  // the fee is the owner's to write
  expect(record.params).toMatchObject({ takenOn: '2031-05-06', result: 'booked', feeCents: 0 })
  const edit = `records/${record.id}/edit`
  expect((await save(owner, edit, { feeCents: '9900' })).record.params.feeCents).toBe(9900)

  expect(await found(manager, 'filters.takenOn~~from=2031-05-01&filters.takenOn~~to=2031-05-31')).toBe(1)
  expect(await found(manager, 'filters.takenOn~~from=2031-06-01')).toBe(0)
  expect(await found(finance, `filters.result=booked,failed&filters.student=${harbour.studentId}`)).toBe(1)
  expect(await found(finance, `filters.student=${randomUUID()}`)).toBe(0)
  expect((await manager(api('actions/list?filters.feeCents~~from=1'))).status).toBe(400)

  const grade = recordAction('DrivingTest', record.id, 'grade')
  expect((await finance(grade)).status).toBeGreaterThanOrEqual(400)
  expect((await open(manager, grade)).fields.map(({ name }) => name)).toEqual(['result'])
  expect(await preview(manager, grade, { result: 'perhaps' })).toMatchObject({ state: 'invalid' })
  const asked = await confirmed(manager, grade, { result: 'passed' })
  expect(asked.state).toBe('waiting')
  expect(await found(manager, 'filters.result=passed')).toBe(0)
  const agreed = await confirmed(owner, recordAction('ActionRun', asked.run, 'approve'))
  expect(agreed.state).toBe('done')
  expect(await found(manager, 'filters.result=passed')).toBe(1)

  const locked = await save(owner, edit, { feeCents: '1' })
  expect(locked.record.errors.feeCents?.message).toBe('The fee is settled.')
  const rows = await harbour.run(
    `SELECT u.id, a.after ->> 'result' AS result FROM "AuditLog" a JOIN "User" u ON u.id = a."actorUserId"
      WHERE a."entityId" = $1 ORDER BY a.seq`,
    [record.id],
  )
  const { manager: asking, owner: agreeing } = harbour.people
  expect(rows.map(({ id, result }) => [id, result]).filter(([, result]) => result)).toEqual([
    [asking, 'booked'],
    [agreeing, 'passed'],
  ])
})
