import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { cleanUp, endPrograms, untilTrue } from '../process/program.ts'
import { school } from '../support/school.ts'
import { openStage, recordId, type Stage } from './stage.ts'

let stage: Stage

beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await endPrograms()
  await stage.database.drop()
})
afterAll(cleanUp)

const versionsOf = async (of: string, handler = 'test.mail') =>
  (await stage.effects(handler)).filter(({ aggregate }) => aggregate === recordId(of)).map(({ version }) => version)

test('three events of one transaction are handled in their order, by each of their handlers', async () => {
  await stage.startWorker('mail,money')
  const events = [1, 2, 3].map((version) => ({ topic: 'booking.cancelled', of: 'one', version }) as const)
  await stage.tell(...events)
  await untilTrue(async () => (await stage.effects()).length === 6, 'all effects')
  await stage.untilDrained()
  expect(await versionsOf('one', 'test.mail')).toEqual([1, 2, 3])
  expect(await versionsOf('one', 'test.money')).toEqual([1, 2, 3])
  expect(await stage.faults(['mail', 'money'])).toEqual([])
  const [delivery] = await stage.deliveries('one')
  expect(delivery).toMatchObject({ status: 'done', attempts: 1, resultRef: 'effect of 1' })
})

test('an event that commits after a later one is not lost', async () => {
  await stage.startWorker('mail')
  let lateCommits = (): void => {}
  const held = new Promise<void>((resolve) => (lateCommits = resolve))
  let written = (): void => {}
  const isWritten = new Promise<void>((resolve) => (written = resolve))
  const late = stage.school.transaction(async (run) => {
    await stage.tellIn(run, { of: 'late', version: 1 })
    written()
    await held
  })
  await isWritten
  await stage.tell({ of: 'prompt', version: 1 })
  await untilTrue(async () => (await versionsOf('prompt')).length === 1, 'the later one')
  expect(await versionsOf('late')).toEqual([])
  lateCommits()
  await late
  await untilTrue(async () => (await versionsOf('late')).length === 1, 'the one that committed late')
  expect(await stage.faults(['mail'])).toEqual([])
})

test('an event is at its handler within moments of its commit', async () => {
  await stage.startWorker('mail')
  await stage.tell({ of: 'warm', version: 1 })
  await untilTrue(async () => (await versionsOf('warm')).length === 1, 'the first')
  const begun = Date.now()
  await stage.tell({ of: 'warm', version: 2 })
  await untilTrue(async () => (await versionsOf('warm')).length === 2, 'the second')
  // without the notification it would be half a second and more
  expect(Date.now() - begun).toBeLessThan(400)
})

test('three workers do each event once, and those of one record in their order', async () => {
  await Promise.all([1, 2, 3].map(() => stage.startWorker('mail,money')))
  await stage.tellMany('booking.cancelled', 40, 8)
  await stage.untilDrained()
  expect(await stage.effects()).toHaveLength(640)
  expect(await stage.faults(['mail', 'money'])).toEqual([])
}, 90_000)

test('a job that is in the queue twice has one effect', async () => {
  await stage.tell({ of: 'double', version: 1, wish: 'slow 300' })
  const worker = await stage.startWorker('mail')
  await worker.says(/test.mail begins/)
  await stage.sql(`INSERT INTO pgboss.job (id, name, data, retry_limit, expire_seconds, keep_until)
    SELECT gen_random_uuid(), name, data, 1, 60, keep_until FROM pgboss.job WHERE name = 'test.mail' LIMIT 1`)
  await stage.untilDrained()
  await untilTrue(
    async () =>
      (await stage.sql(`SELECT FROM pgboss.job WHERE name = 'test.mail' AND state < 'completed'`)).length === 0,
    'both jobs to end',
  )
  expect(await versionsOf('double')).toEqual([1])
  expect(await stage.faults(['mail'])).toEqual([])
})

test('also when one worker takes both at the same time', async () => {
  const worker = await stage.startWorker('mail')
  worker.child.kill('SIGSTOP')
  await stage.tell({ of: 'pair', version: 1 })
  const [delivery] = await stage.sql(
    `INSERT INTO "OutboxDelivery" ("orgId", "outboxId", handler, "aggregateId", "aggregateVersion", status)
     SELECT "orgId", id, 'test.mail', "aggregateId", "aggregateVersion", 'queued' FROM "Outbox" RETURNING id`,
  )
  await stage.sql('UPDATE "Outbox" SET "relayedAt" = now()')
  await stage.sql(
    `INSERT INTO pgboss.job (name, data, retry_limit, expire_seconds, keep_until)
     SELECT 'test.mail', jsonb_build_object('deliveryId', $1::text, 'orgId', $2::text, 'generation', 0), 1, 60, now() + interval '1 day'
       FROM generate_series(1, 2)`,
    [delivery!.id, stage.school.orgId],
  )
  worker.child.kill('SIGCONT')
  await untilTrue(
    async () =>
      (await stage.sql(`SELECT FROM pgboss.job WHERE name = 'test.mail' AND state = 'completed'`)).length === 2,
    'both jobs to end',
  )
  expect(await versionsOf('pair')).toEqual([1])
  expect(await stage.faults(['mail'])).toEqual([])
})

test('the events of a suspended school wait until it is active again', async () => {
  const become = (status: string) =>
    stage.sql('UPDATE "Org" SET status = $1::"OrgStatus" WHERE id = $2', [status, stage.school.orgId])
  const open = await school(stage.database, { name: 'Open Road' })
  await become('suspended')
  await stage.tell({ of: 'paused', version: 1 })
  await open.transaction((run) => stage.tellIn(run, { of: 'open', version: 1, orgId: open.orgId }))
  await stage.startWorker('mail')
  await untilTrue(async () => (await versionsOf('open')).length === 1, 'the event of the other school')
  expect(await stage.deliveries('paused')).toEqual([])
  await become('active')
  await stage.untilDrained()
  expect(await versionsOf('paused')).toEqual([1])
})
