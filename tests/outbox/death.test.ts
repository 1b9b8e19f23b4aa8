import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../src/core/context.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { redeliver, skip } from '../../src/core/outbox/redeliver.ts'
import { cleanUp, endPrograms, temporaryDirectory, untilTrue } from '../process/program.ts'
import { openStage, recordId, type Stage } from './stage.ts'

let stage: Stage
let db: Database
let ctx: Context

beforeEach(async () => {
  stage = await openStage()
  db = await openDatabase(stage.database.url)
  const { orgId, people } = stage.school
  ctx = { db, orgId, userId: people.owner, role: 'owner', actorKind: 'user', ip: null, requestId: 'request-7' }
})
afterEach(async () => {
  await endPrograms()
  await db.close()
  await stage.database.drop()
})
afterAll(cleanUp)

const statusesOf = async (of: string, handler: string) =>
  (await stage.deliveries(of)).filter((row) => row.handler === handler).map((row) => row.status)
const deadOne = async () => {
  await untilTrue(async () => (await stage.deliveries()).some(({ status }) => status === 'dead'), 'one to be given up')
  return (await stage.deliveries()).find(({ status }) => status === 'dead')!
}
const missing = () => join(temporaryDirectory(), 'never')

test('one that cannot be done among twenty fails alone', async () => {
  const events = Array.from({ length: 20 }, (_, index) => ({ of: `good ${index}`, version: 1 }))
  await stage.tell(
    ...events.slice(0, 10),
    { of: 'poison', version: 1, wish: `without ${missing()}` },
    ...events.slice(10),
  )
  await stage.startWorker('mail')
  const dead = await deadOne()
  expect(dead).toMatchObject({ handler: 'test.mail', attempts: 2, lastError: 'This one cannot be done' })
  expect(await stage.effects()).toHaveLength(20)
  expect(await stage.deliveries('poison')).toHaveLength(1)
  expect(await stage.faults(['mail'])).toEqual([])
  const [event] = await stage.sql(
    'SELECT "deadAt", "processedAt", "lastError" FROM "Outbox" WHERE "aggregateId" = $1',
    [recordId('poison')],
  )
  expect(event).toMatchObject({ deadAt: expect.any(Date), processedAt: null, lastError: 'This one cannot be done' })
})

test('an event in a form that this program cannot read is given up at once, with the reason', async () => {
  await stage.tell({ of: 'strange', version: 1, schemaVersion: 7 }, { of: 'strange', version: 2 })
  await stage.startWorker('mail')
  await stage.untilDrained()
  const [first, second] = await stage.deliveries('strange')
  expect(first).toMatchObject({
    status: 'dead',
    attempts: 1,
    lastError: 'The event was written in form 7 of booking.confirmed; this program reads form 1.',
  })
  expect(second).toMatchObject({ status: 'done' })
})

describe('what waits behind an event that was given up', () => {
  test('goes on where the handler says so, and waits where it says so', async () => {
    const wish = `without ${missing()}`
    await stage.tell(
      { topic: 'booking.cancelled', of: 'both', version: 1, wish },
      { topic: 'booking.cancelled', of: 'both', version: 2 },
      { topic: 'booking.cancelled', of: 'other', version: 1 },
    )
    await stage.startWorker('mail,money')
    await untilTrue(
      async () => (await stage.deliveries()).filter(({ status }) => status === 'dead').length === 2,
      'both handlers to give up',
    )
    await untilTrue(async () => (await statusesOf('both', 'test.mail'))[1] === 'done', 'the mail to go on')
    expect(await statusesOf('both', 'test.mail')).toEqual(['dead', 'done'])
    expect(await statusesOf('both', 'test.money')).toEqual(['dead', 'waiting'])
    expect(await statusesOf('other', 'test.money')).toEqual(['done'])
  })

  test('is done with what is before it, and the one in the middle fails alone', async () => {
    const wishes = ['fine', `without ${missing()}`, 'fine']
    await stage.tell(
      ...wishes.map((wish, index) => ({ topic: 'booking.cancelled', of: 'middle', version: index + 1, wish }) as const),
    )
    await stage.startWorker('mail,money')
    await untilTrue(
      async () => (await stage.deliveries()).filter(({ status }) => status === 'dead').length === 2,
      'both handlers to give up',
    )
    await untilTrue(async () => (await statusesOf('middle', 'test.mail'))[2] === 'done', 'the mail to go on')
    expect(await statusesOf('middle', 'test.mail')).toEqual(['done', 'dead', 'done'])
    expect(await statusesOf('middle', 'test.money')).toEqual(['done', 'dead', 'waiting'])
    expect((await stage.effects('test.money')).map(({ version }) => version)).toEqual([1])
    expect((await stage.deliveries()).map(({ attempts }) => attempts)).toEqual([1, 2, 1, 1, 2, 0])
  })

  test('goes on once the event is tried again and done, in its order', async () => {
    const repaired = missing()
    await stage.tell(
      { topic: 'booking.completed', of: 'retried', version: 1, wish: `without ${repaired}` },
      { topic: 'booking.completed', of: 'retried', version: 2 },
      { topic: 'booking.completed', of: 'retried', version: 3 },
    )
    await stage.startWorker('money')
    const dead = await deadOne()
    writeFileSync(repaired, '')
    expect(await db.transaction(ctx, (tx) => redeliver({ ...ctx, tx }, [dead.id]))).toBe(1)
    await stage.untilDrained(20_000)
    expect((await stage.effects()).map(({ version }) => version)).toEqual([1, 2, 3])
    expect(await stage.faults(['money'])).toEqual([])
    const [log] = await stage.sql(`SELECT "actorUserId", action FROM "AuditLog" WHERE "requestId" = 'request-7'`)
    expect(log).toMatchObject({ actorUserId: stage.school.people.owner, action: 'outboxDelivery.update' })
  })

  test('goes on once the event is skipped', async () => {
    await stage.tell(
      { topic: 'booking.completed', of: 'skipped', version: 1, wish: `without ${missing()}` },
      { topic: 'booking.completed', of: 'skipped', version: 2 },
    )
    await stage.startWorker('money')
    const dead = await deadOne()
    expect(await db.transaction(ctx, (tx) => skip({ ...ctx, tx }, dead.id))).toBe(true)
    await stage.untilDrained(20_000)
    expect(await statusesOf('skipped', 'test.money')).toEqual(['skipped', 'done'])
    expect(await stage.faults(['money'])).toEqual([])
  })
})

test('events that are replayed are done once more, in their order', async () => {
  await stage.tell(...[1, 2, 3].map((version) => ({ of: 'replayed', version })))
  await stage.startWorker('mail')
  await stage.untilDrained()
  const ids = (await stage.deliveries()).map(({ id }) => id)
  expect(await db.transaction(ctx, (tx) => redeliver({ ...ctx, tx }, ids))).toBe(3)
  await untilTrue(async () => (await stage.effects()).length === 6, 'all of them again')
  expect((await stage.effects()).map(({ version }) => version)).toEqual([1, 2, 3, 1, 2, 3])
  await stage.untilDrained()
  expect((await stage.deliveries()).map(({ status, generation }) => [status, generation])).toEqual(
    Array.from({ length: 3 }, () => ['done', 1]),
  )
})

test('an event whose job is gone from the queue is queued anew', async () => {
  await stage.tell({ of: 'forgotten', version: 1 }, { of: 'forgotten', version: 2 })
  // as it is when no worker has come for longer than the queue keeps its jobs
  await stage.sql('UPDATE "Outbox" SET "relayedAt" = now()')
  await stage.sql(`INSERT INTO "OutboxDelivery" ("orgId", "outboxId", handler, "aggregateId", "aggregateVersion", status, "updatedAt")
    SELECT "orgId", id, 'test.mail', "aggregateId", "aggregateVersion",
      CASE "aggregateVersion" WHEN 1 THEN 'queued' ELSE 'waiting' END::"DeliveryStatus", now() - interval '20 days' FROM "Outbox"`)
  await stage.startWorker('mail')
  await stage.sql(`SELECT pg_notify('driveflow_outbox', 'look')`)
  await stage.untilDrained()
  expect((await stage.effects()).map(({ version }) => version)).toEqual([1, 2])
  expect(await stage.faults(['mail'])).toEqual([])
})

test('a worker that is killed at the last attempt leaves an event that was given up, not one that is lost', async () => {
  await stage.tell({ topic: 'booking.completed', of: 'killed', version: 1, wish: `until ${missing()}` })
  const worker = await stage.startWorker('once')
  await worker.says(/test.once begins/)
  await worker.signal('SIGKILL')
  await stage.startWorker('once')
  expect(await deadOne()).toMatchObject({
    attempts: 1,
    lastError: 'Its worker ended in the middle of the last attempt.',
  })
  expect(await stage.effects()).toEqual([])
}, 60_000)
