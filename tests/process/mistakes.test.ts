import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Embedded, startEmbedded } from '../../src/postgres/embedded.ts'
import { cleanUp, Program, temporaryDirectory } from './program.ts'

const running: Embedded[] = []

afterAll(async () => {
  for (const embedded of running) await embedded.stop()
  await cleanUp()
})

/** Runs the command to its end, which must be a plain sentence and exit code 1. */
async function refusalOf(command: string, env: Record<string, string>): Promise<string> {
  const program = Program.main(command, env)
  expect(await program.end()).toBe(1)
  expect(program.output).not.toMatch(/\n\s+at |node:internal/)
  return program.output
}

const secret = { SESSION_SECRET: 'kR8vZ2nQ5xW1yT7pL4mC9bJ6hG3fD0sA' }

test('all wrong settings are told at once', async () => {
  const refusal = await refusalOf('start', {
    PORT: 'x',
    SESSION_SECRET: 'short',
    APP_URL: 'nowhere',
    DATABASE_URL: 'db',
  })
  for (const setting of ['PORT', 'SESSION_SECRET', 'APP_URL', 'DATABASE_URL']) expect(refusal).toContain(`- ${setting}`)
})

test('a data directory that cannot be written is told', async () => {
  const file = join(temporaryDirectory(), 'file')
  writeFileSync(file, '')
  expect(await refusalOf('start', { DATA_DIR: join(file, 'data'), PORT: '0' })).toContain('cannot be used')
})

test('a single web process says that it needs a database', async () => {
  expect(await refusalOf('web', { ...secret, PORT: '0' })).toContain('DATABASE_URL is not set')
})

test.each(['web', 'worker', 'migrate'])('%s tells that the database server is away', async (command) => {
  const urls = {
    DATABASE_URL: 'postgresql://driveflow:x@127.0.0.1:1/driveflow',
    DATABASE_OWNER_URL: 'postgresql://driveflow_owner:x@127.0.0.1:1/driveflow',
  }
  expect(await refusalOf(command, { ...secret, ...urls, PORT: '0' })).toContain(
    'No PostgreSQL server answers at 127.0.0.1:1',
  )
})

test('a worker that is too early tells to migrate first; after migrating it runs, and says that it lives', async () => {
  const embedded = await startEmbedded({ dataDir: temporaryDirectory(), fsync: false })
  running.push(embedded)
  const urls = {
    DATABASE_URL: embedded.superuserUrl.replace(/postgres$/, 'driveflow'),
    DATABASE_OWNER_URL: embedded.ownerUrl,
  }
  expect(await refusalOf('worker', urls)).toContain('The database is not migrated')
  expect(await refusalOf('migrate', urls)).toContain('is a superuser')

  const right = { ...urls, DATABASE_URL: embedded.appUrl, DATA_DIR: temporaryDirectory() }
  const migration = Program.main('migrate', right)
  await migration.says(/\d+ applied/)
  expect(await migration.end()).toBe(0)
  const worker = Program.main('worker', right)
  await worker.says(/The worker is running/)
  expect(await worker.signal('SIGTERM')).toBe(0)
})

test('an unknown command gets the list of commands', async () => {
  expect(await refusalOf('fly', {})).toContain('migrate')
})
