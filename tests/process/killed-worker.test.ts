import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Desk, confirmed, openDesk, resourceAction } from '../support/actions.ts'
import type { School } from '../support/school.ts'
import type { Browser } from '../support/server.ts'
import { Program, cleanUp, endPrograms, temporaryDirectory, untilTrue } from './program.ts'

// Whoever waits for long work must not wait for ever: it happens once, also when every worker that had it was killed.

let desk: Desk
let harbour: School
let owner: Browser

beforeAll(async () => {
  desk = await openDesk()
  ;({ harbour } = desk)
  owner = await desk.as('owner')
})
afterEach(endPrograms)
afterAll(async () => {
  await cleanUp()
  await desk.close()
})

async function startWorker(): Promise<Program> {
  const worker = Program.main('worker', { DATABASE_URL: desk.test.url, DATA_DIR: temporaryDirectory() })
  await worker.says(/The worker is running/)
  return worker
}
const count = async (text: string): Promise<number> => Number((await harbour.run(text))[0]!.n)

/** Holds a row of the school until it is let go: whoever comes to it stops there, in the middle. */
async function hold(text: string): Promise<{ letGo: () => Promise<void> }> {
  let letGo = () => {}
  const released = new Promise<void>((resolve) => (letGo = resolve))
  let done: Promise<unknown> = Promise.resolve()
  await new Promise<void>((held, failed) => {
    done = harbour.transaction(async (run) => {
      await run(`${text} FOR UPDATE`)
      held()
      await released
    })
    done.catch(failed)
  })
  return {
    letGo: async () => {
      letGo()
      await done
    },
  }
}

describe('kill -9 in the middle', () => {
  test('of a long action leaves nothing of it; the next worker does all of it, once', async () => {
    await harbour.run(
      `INSERT INTO "Student" ("orgId", "fullName", "createdAt") SELECT $1, 'Idle ' || n, now() - interval '3 years' FROM generate_series(1, 700) n`,
      [harbour.orgId],
    )
    const archived = () => count(`SELECT count("archivedAt") AS n FROM "Student" WHERE "fullName" LIKE 'Idle%'`)
    const { run } = await confirmed(owner, resourceAction('Student', 'archive-inactive'), { months: 24 })
    const held = await hold(`SELECT id FROM "Student" WHERE "fullName" LIKE 'Idle%' ORDER BY id DESC LIMIT 1`)
    const killed = await startWorker()
    await untilTrue(
      async () => (await count(`SELECT "progressDone" AS n FROM "ActionRun" WHERE id = '${run}'`)) === 500,
      'the middle',
    )
    await killed.signal('SIGKILL')
    await held.letGo()
    expect(await archived()).toBe(0)

    await startWorker()
    await untilTrue(async () => (await archived()) === 700, 'the next worker to do it')
    const [after] = await harbour.run('SELECT status, result FROM "ActionRun" WHERE id = $1', [run])
    expect(after).toMatchObject({ status: 'succeeded', result: { message: '700 students are archived.' } })
    expect(
      await count(`SELECT count(*) AS n FROM "AuditLog" WHERE action = 'student.update' AND after ? 'archivedAt'`),
    ).toBe(700)
    expect(await count(`SELECT count(*) AS n FROM "AuditLog" WHERE action = 'student.archive-inactive'`)).toBe(1)
  }, 90_000)

  test('of the last attempt of an import is found and said, and it goes on to have every row once', async () => {
    const panel = `/admin/api/panel/import/Student`
    const learners = Array.from({ length: 1_500 }, (_, index) => `Pupil ${index}`).join('\n')
    const uploaded = await owner(`${panel}?name=list.csv`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: `Name\n${learners}\n`,
    })
    const { id } = (await uploaded.json()) as { id: string }
    const step = async (name: string, body: object = {}) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await owner(`${panel}/${id}/${name}`, { method: 'POST', headers, body: JSON.stringify(body) })
      expect(answer.status).toBe(200)
    }
    const stands = async () => (await harbour.run('SELECT * FROM "DataImport" WHERE id = $1', [id]))[0]!
    const becomes = (status: string) => untilTrue(async () => (await stands()).status === status, `it to be ${status}`)
    const pupils = () => count(`SELECT count(*) AS n FROM "Student" WHERE "fullName" LIKE 'Pupil%'`)

    await step('check', { mapping: ['fullName'] })
    const killed = await startWorker()
    await becomes('checked')
    const held = await hold(`SELECT id FROM "DataImportRow" WHERE "importId" = '${id}' AND number = 1000`)
    await step('start')
    await desk.test.console(
      'superuser',
      `UPDATE pgboss.job SET retry_limit = 0 WHERE name = 'import.run' AND state < 'completed'`,
    )
    await untilTrue(async () => (await pupils()) >= 800, 'the first rows')
    await killed.signal('SIGKILL')
    await held.letGo()

    await startWorker()
    await becomes('failed')
    const { error, rowsWritten } = await stands()
    expect(error).toBe(
      'The program that was working on this file was stopped several times. What was written stays, once: go on with the rest.',
    )
    expect(rowsWritten).toBe(await pupils())
    expect(rowsWritten).toBeLessThan(1_500)
    await step('start')
    await becomes('finished')
    expect(await pupils()).toBe(1_500)
    expect(await count(`SELECT count(DISTINCT "fullName") AS n FROM "Student" WHERE "fullName" LIKE 'Pupil%'`)).toBe(
      1_500,
    )
  }, 90_000)
})
