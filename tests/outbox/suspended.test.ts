import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { enqueue, job, work } from '../../src/core/jobs.ts'
import { nobodyOf } from '../../src/core/outbox/actor.ts'
import { relay } from '../../src/core/outbox/relay.ts'
import { factsOf, openQueues } from '../../src/core/queues.ts'
import { untilTrue } from '../process/program.ts'
import { type School, school } from '../support/school.ts'
import { mail } from './recorders.ts'
import { openStage, recordId, type Stage } from './stage.ts'

let stage: Stage
let db: Database
let open: School

beforeAll(async () => {
  stage = await openStage()
  open = await school(stage.database, { name: 'Open Road' })
  db = await openDatabase(stage.database.url)
})
afterAll(async () => {
  await db.close()
  await stage.database.drop()
})

const done: string[] = []
const letter = job('test.letter', {
  data: z.object({ to: z.string() }),
  run: async (_ctx, { to }) => void done.push(to),
})
const write = async (to: string, { orgId }: School) => {
  const ctx = nobodyOf(db, orgId)
  await db.transaction(ctx, (tx) => enqueue({ ...ctx, tx }, letter, { to }))
}
const become = (status: string) =>
  stage.sql('UPDATE "Org" SET status = $1::"OrgStatus" WHERE id = $2', [status, stage.school.orgId])
const handled = async (of: string) =>
  (await stage.effects()).filter(({ aggregate }) => aggregate === recordId(of)).map(({ version }) => version)
const waiting = async () => (await stage.sql('SELECT FROM outbox.paused_job')).length

test('what was in the queue when its school was suspended waits, and goes on in its order when it is active again', async () => {
  await stage.tell({ of: 'paused', version: 1 }, { of: 'paused', version: 2 })
  await open.transaction((run) => stage.tellIn(run, { of: 'open', version: 1, orgId: open.orgId }))
  const boss = await openQueues(db, { jobs: [factsOf(mail)], schedule: false, onError: () => {} })
  await relay({ db, boss, handlers: [mail] })
  await boss.stop({ graceful: false })
  await write('paused', stage.school)
  await write('open', open)
  await become('suspended')

  const errors: Error[] = []
  const parts = { jobs: [letter], handlers: [mail], concurrency: 2, patienceMs: 1_000 }
  const working = await work(db, { ...parts, onError: (error) => errors.push(error) })
  await untilTrue(async () => done.length > 0 && (await handled('open')).length > 0, 'what the other school wants')
  await untilTrue(async () => (await waiting()) === 1, 'the job to wait')
  await untilTrue(
    async () => (await stage.deliveries('paused')).every(({ status }) => status === 'waiting'),
    'the events to wait',
  )
  expect([done, await handled('paused')]).toEqual([['open'], []])
  expect(await stage.deliveries('paused')).toMatchObject([{ attempts: 0 }, { attempts: 0 }])

  await become('active')
  await untilTrue(async () => done.length === 2 && (await handled('paused')).length === 2, 'what had waited')
  await stage.untilDrained()
  await working.stop()
  expect([done, await handled('paused'), await waiting()]).toEqual([['open', 'paused'], [1, 2], 0])
  expect(await stage.faults(['mail'])).toEqual([])
  expect(errors).toEqual([])
})
