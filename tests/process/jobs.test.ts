import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../src/core/context.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { enqueue } from '../../src/core/jobs.ts'
import { cloneDatabase, type School, school, type TestDatabase } from '../support/database.ts'
import { probe } from './probe.ts'
import { cleanUp, endPrograms, Program, temporaryDirectory, untilTrue } from './program.ts'

let database: TestDatabase
let db: Database
let ours: School
let ctx: Context

beforeAll(async () => {
  database = await cloneDatabase()
  db = await openDatabase(database.url)
  ours = await school(database)
  ctx = {
    db,
    orgId: ours.orgId,
    userId: ours.people.manager,
    role: 'manager',
    actorKind: 'user',
    ip: null,
    requestId: 'request-7',
  }
})

afterEach(endPrograms)

afterAll(async () => {
  await cleanUp()
  await db.close()
  await database.drop()
})

const startWorker = async (): Promise<Program> => {
  const worker = new Program('tests/process/work-probe.ts', [database.url])
  await worker.says(/^working/m)
  return worker
}

const ask = (data: { name: string; waitFor?: string; fails?: boolean }) =>
  db.transaction(ctx, (tx) => enqueue({ ...ctx, tx }, probe, data))

const placesOf = async (name: string): Promise<string[]> => {
  const rows = await ours.run(`SELECT name FROM "Location" WHERE name LIKE $1`, [`${name} by %`])
  return rows.map((row) => String(row.name))
}

const stateOf = async (id: string): Promise<unknown> => {
  const [row] = await database.console('superuser', 'SELECT state FROM pgboss.job WHERE id = $1', [id])
  return row?.state
}

test('a job is done once, in the school and in the name of who wanted it', async () => {
  await startWorker()
  const id = await ask({ name: 'plain' })
  await untilTrue(async () => (await stateOf(id)) === 'completed', 'the job to be done')
  expect(await placesOf('plain')).toEqual(['plain by manager in request-7'])
  const [row] = await ours.run(`SELECT "actorUserId" FROM "AuditLog" WHERE "requestId" = 'request-7' LIMIT 1`)
  expect(row?.actorUserId).toBe(ours.people.manager)
})

test('what is wanted in a transaction that is rolled back never happens', async () => {
  const refused = db.transaction(ctx, async (tx) => {
    await enqueue({ ...ctx, tx }, probe, { name: 'taken back' })
    throw new Error('refused')
  })
  await expect(refused).rejects.toThrow('refused')
  const worker = await startWorker()
  const id = await ask({ name: 'after it' })
  await untilTrue(async () => (await stateOf(id)) === 'completed', 'the later job to be done')
  expect(worker.output).not.toContain('taken back')
  expect(await placesOf('taken back')).toEqual([])
})

test('a job that fails is tried again', async () => {
  const worker = await startWorker()
  const id = await ask({ name: 'second try', fails: true })
  await untilTrue(async () => (await stateOf(id)) === 'completed', 'the second attempt')
  expect(worker.output).toContain('second try begun, attempt 2')
  expect(worker.output).toContain('failed in attempt 1')
  expect(await placesOf('second try')).toHaveLength(1)
})

test('data of the wrong shape is refused where the job is wanted', async () => {
  await expect(ask({} as never)).rejects.toThrow('name')
})

describe('when a worker ends in the middle of a job', () => {
  test('by kill -9, another one does it, and it has happened once', async () => {
    const gate = join(temporaryDirectory(), 'open')
    const killed = await startWorker()
    const id = await ask({ name: 'killed', waitFor: gate })
    await killed.says(/killed begun, attempt 1/)
    await killed.signal('SIGKILL')

    const next = await startWorker()
    await next.says(/killed begun, attempt 2/, 25_000)
    writeFileSync(gate, '')
    await untilTrue(async () => (await stateOf(id)) === 'completed', 'the job to be done')
    expect(await placesOf('killed')).toHaveLength(1)
  }, 60_000)

  test('by SIGTERM, it is let end first', async () => {
    const gate = join(temporaryDirectory(), 'open')
    const worker = await startWorker()
    const id = await ask({ name: 'finishing', waitFor: gate })
    await worker.says(/finishing begun/)
    worker.child.kill('SIGTERM')
    await worker.says(/^stopping/m)
    writeFileSync(gate, '')
    expect(await worker.end()).toBe(0)
    expect(await placesOf('finishing')).toHaveLength(1)
    expect(await stateOf(id)).toBe('completed')
  })
})

describe('the queue', () => {
  test('is not open to the school: it puts jobs in, and reads or changes none', async () => {
    await expect(ours.run('SELECT data FROM pgboss.job_common')).rejects.toThrow('permission denied')
    await expect(ours.run('SELECT id FROM pgboss.job')).rejects.toThrow('permission denied')
    await expect(ours.run('DELETE FROM pgboss.job_common')).rejects.toThrow('permission denied')
    await expect(ours.run(`UPDATE pgboss.job_common SET data = '{}'`)).rejects.toThrow('permission denied')
  })
})
