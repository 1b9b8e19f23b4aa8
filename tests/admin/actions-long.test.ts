import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { Catalogue } from '../../src/admin/actions/catalogue.ts'
import { runQueued } from '../../src/admin/actions/queue.ts'
import { createPanel } from '../../src/admin/panel.ts'
import { type Action, action } from '../../src/core/action.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { conflict } from '../../src/core/errors.ts'
import { type Working, job, work } from '../../src/core/jobs.ts'
import { root } from '../../src/core/root.ts'
import { type Answer, confirmed, preview, resourceAction } from '../support/actions.ts'
import { type School, type TestDatabase, cloneDatabase, school } from '../support/database.ts'
import { type Browser, TEST_PASSWORD_HASH, type TestServer, startServer } from '../support/server.ts'

const mark = action('student.mark', {
  model: 'Student',
  on: 'bulk',
  may: ['owner', 'manager'],
  label: 'Mark',
  done: 'marked',
  when: ({ licenceType }) => licenceType !== 'full' || 'Already drives.',
  run: async ({ tx }, { record: { id, notes } }) => {
    await tx.student.updateMany({ where: { id }, data: { notes: `${notes ?? ''}x` } })
  },
})

/** Stops in the middle until it is let go, to be looked at. */
const gate = { open: Promise.resolve(), reached: () => {}, fails: false }
const tour = action('student.tour', {
  model: 'Student',
  on: 'resource',
  may: ['manager'],
  label: 'Tour',
  long: true,
  run: async ({ tx, orgId, progress }) => {
    await tx.student.updateMany({ where: { orgId, fullName: 'Mia Kowalski' }, data: { notes: 'toured' } })
    await progress(1, 2)
    gate.reached()
    await gate.open
    if (gate.fails) throw conflict('The bus broke down.')
    return 'Everybody has seen it.'
  },
})

let test: TestDatabase
let db: Database
let server: TestServer
let harbour: School
let manager: Browser
let owner: Browser
let working: Working | undefined

const actions = [mark, tour] as unknown as Action[]
const theJob = job('action.run', {
  data: z.object({ runId: z.uuid() }),
  run: (ctx, { runId }, attempt) => runQueued(ctx, new Catalogue(actions), { runId, attempt }),
})
const startWorker = async () => {
  working = await work(db, { jobs: [theJob], concurrency: 1, patienceMs: 5_000, onError: () => {} })
}

beforeAll(async () => {
  test = await cloneDatabase()
  harbour = await school(test, { name: 'Harbour', passwordHash: TEST_PASSWORD_HASH })
  db = await openDatabase(test.url)
  const config = { dataDir: root('node_modules/.cache/driveflow-tests') }
  server = await startServer({ db, panel: await createPanel({ db, config, actions }) })
  manager = await server.signIn(`manager@${harbour.slug}.example.test`)
  owner = await server.signIn(`owner@${harbour.slug}.example.test`)
  await startWorker()
})
afterAll(async () => {
  await working?.stop()
  await server.close()
  await db.close()
  await test.drop()
})

interface Progress {
  progress: { done: number; of: number }
  again: boolean
  answer: Answer
}
const look = async (browser: Browser, run: string): Promise<Progress> =>
  (await (await browser(`/admin/api/panel/runs/${run}`)).json()) as Progress
const ended = async (run: string): Promise<Answer> => {
  await vi.waitFor(async () => expect((await look(manager, run)).answer.state).not.toBe('running'), {
    timeout: 20_000,
    interval: 50,
  })
  return (await look(manager, run)).answer
}
const learners = (many: number, licenceType: string) =>
  harbour.run(
    `INSERT INTO "Student" ("orgId", "fullName", "licenceType") SELECT $1, 'Learner ' || n, $2 FROM generate_series(1, $3::int) n`,
    [harbour.orgId, licenceType, many],
  )
const all = (licenceType: string) => `/admin/api/panel/matching/Student/mark?filters.licenceType=${licenceType}`
const marked = async (licenceType: string) =>
  (
    await harbour.run('SELECT notes, count(*)::int AS n FROM "Student" WHERE "licenceType" = $1 GROUP BY notes', [
      licenceType,
    ])
  ).map(({ notes, n }) => [notes, n])

describe('more than two hundred records', () => {
  it('are done by the worker, all of them once, with the number in the question and progress', async () => {
    await learners(260, 'learner')
    const { preview: shown } = await preview(manager, all('learner'))
    expect(shown).toMatchObject({ question: 'Mark 260 students?', tried: { of: 260, first: 200 }, more: 150 })
    const answer = await confirmed(manager, all('learner'))
    expect(answer).toMatchObject({ state: 'running', message: expect.stringContaining('it goes on') as string })
    expect(await ended(answer.run)).toMatchObject({ state: 'done', message: '260 students are marked.' })
    expect((await look(manager, answer.run)).progress).toEqual({ done: 260, of: 260 })
    expect(await marked('learner')).toEqual([['x', 260]])
  })

  it('or none: when one refuses by then, nothing has happened, and its reason is told', async () => {
    await working!.stop()
    await learners(210, 'provisional')
    const answer = await confirmed(manager, all('provisional'))
    await harbour.run(
      `UPDATE "Student" SET "licenceType" = 'full' WHERE id = (SELECT max(id::text)::uuid FROM "Student")`,
    )
    await startWorker()
    expect(await ended(answer.run)).toMatchObject({
      state: 'refused',
      message: '1 of 210 cannot: nothing has been done. Already drives.',
    })
    expect(await marked('provisional')).toEqual([[null, 209]])
  })

  it('but not more than five thousand', async () => {
    await learners(5001, 'overseas')
    expect(await preview(manager, all('overseas'))).toMatchObject({
      state: 'refused',
      message: 'At most 5,000 records can be changed at once. Narrow the list with a filter.',
    })
  })
})

describe('an action that takes long', () => {
  const path = resourceAction('Student', 'tour')
  const hold = () => {
    let letGo = () => {}
    gate.open = new Promise((resolve) => (letGo = resolve))
    const reached = new Promise<void>((resolve) => (gate.reached = resolve))
    return { letGo, reached }
  }
  /** Trying it for the preview must not wait. */
  const ask = async () => {
    gate.open = Promise.resolve()
    await working!.stop()
    const { run } = await confirmed(manager, path)
    const held = hold()
    await startWorker()
    await held.reached
    return { run, ...held }
  }

  it('shows how far it is while nothing of it is to be seen yet', async () => {
    const { run, letGo } = await ask()
    expect(await look(manager, run)).toMatchObject({ progress: { done: 1, of: 2 }, answer: { state: 'running' } })
    expect((await harbour.run('SELECT notes FROM "Student" WHERE id = $1', [harbour.studentId]))[0]!.notes).toBeNull()
    letGo()
    expect(await ended(run)).toMatchObject({ state: 'done', message: 'Everybody has seen it.' })
    expect(await look(owner, run)).toMatchObject({ answer: { state: 'done' } })
  })

  it('is done once, also when a second worker takes the same job or the first comes back', async () => {
    const { run, letGo } = await ask()
    const ctx = {
      db,
      orgId: harbour.orgId,
      userId: harbour.people.manager,
      role: 'manager',
      actorKind: 'user',
      ip: null,
      requestId: 'second',
    } as const
    const again = () => runQueued(ctx, new Catalogue(actions), { runId: run, attempt: { last: false } })
    await expect(again()).rejects.toThrow('Another worker is doing this')
    letGo()
    await ended(run)
    await again()
    const events = await harbour.run(`SELECT 1 FROM "AuditLog" WHERE action = 'student.tour' AND "entityId" = $1`, [
      run,
    ])
    expect(events).toHaveLength(1)
  })

  it('and was killed in the middle leaves nothing behind, and is done by the next worker', async () => {
    await harbour.change('Student', harbour.studentId, { notes: null })
    const { run, letGo } = await ask()
    await test.console(
      'superuser',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
    )
    letGo()
    expect(await ended(run)).toMatchObject({ state: 'done' })
    const changes = await harbour.run(
      `SELECT 1 FROM "AuditLog" WHERE action = 'student.update' AND "entityId" = $1 AND after ->> 'notes' = 'toured' AND "createdAt" > now() - interval '1 minute'`,
      [harbour.studentId],
    )
    expect(changes).toHaveLength(2)
  })

  it('and is refused says so', async () => {
    const { run, letGo } = await ask()
    gate.fails = true
    letGo()
    expect(await ended(run)).toMatchObject({ state: 'refused', message: 'The bus broke down.' })
    gate.fails = false
  })

  it('and has failed can be tried again by whoever asked, with the same run; what is done cannot', async () => {
    const { run, letGo } = await ask()
    gate.fails = true
    letGo()
    await ended(run)
    gate.fails = false
    const again = async (browser: Browser) => (await browser.post(`/admin/api/panel/runs/${run}/again`)).status
    expect([await look(manager, run), await look(owner, run)]).toMatchObject([{ again: true }, { again: false }])
    expect(await again(owner)).toBe(404)
    // pressed twice
    const answers = await Promise.all([again(manager), again(manager)])
    expect(answers).toContain(200)
    expect(await ended(run)).toMatchObject({ state: 'done', message: 'Everybody has seen it.' })
    expect(await look(manager, run)).toMatchObject({ again: false })
    expect(await again(manager)).toBe(409)
  })
})
