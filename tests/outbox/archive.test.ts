import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { archiveEvents } from '../../src/core/outbox/archive.ts'
import { school } from '../support/school.ts'
import { openStage, recordId, type Stage } from './stage.ts'

let stage: Stage
let db: Database

beforeAll(async () => {
  stage = await openStage()
  db = await openDatabase(stage.database.url)
})
afterAll(async () => {
  await db.close()
  await stage.database.drop()
})

const DAY_MS = 86_400_000
const deliver = (status: string, version: number) =>
  stage.sql(
    `INSERT INTO "OutboxDelivery" ("orgId", "outboxId", handler, "aggregateId", "aggregateVersion", status)
     SELECT "orgId", id, $1, "aggregateId", "aggregateVersion", $2::"DeliveryStatus" FROM "Outbox" WHERE "aggregateVersion" = $3`,
    [`test.${status}`, status, version],
  )
const versions = async (table: string) =>
  (await stage.sql(`SELECT "aggregateVersion" AS version FROM ${table} ORDER BY 1`)).map(({ version }) => version)

test('events of more than 90 days ago move to the part of their month, but none that is open or was given up', async () => {
  const open = { waiting: 2, queued: 3, dead: 4 }
  await stage.tell(...[1, 2, 3, 4, 5].map((version) => ({ of: 'one', version })))
  for (const [status, version] of Object.entries(open)) await deliver(status, version)
  await deliver('done', 1)
  await deliver('skipped', 1)
  // the fifth has not been taken by anybody yet
  await stage.sql(`UPDATE "Outbox" SET "relayedAt" = now(), "processedAt" = now() WHERE "aggregateVersion" <= 4`)

  expect(await archiveEvents(db, new Date())).toBe(0)
  expect(await archiveEvents(db, new Date(Date.now() + 89 * DAY_MS))).toBe(0)
  expect(await archiveEvents(db, new Date(Date.now() + 91 * DAY_MS))).toBe(1)

  expect(await versions('"Outbox"')).toEqual([2, 3, 4, 5])
  expect(await versions('outbox.archived_event')).toEqual([1])
  const [archived] = await stage.sql('SELECT tableoid::regclass::text AS part, deliveries FROM outbox.archived_event')
  expect(archived).toMatchObject({
    part: `outbox.archived_event_${new Date().toISOString().slice(0, 7).replace('-', '_')}`,
    deliveries: [
      { handler: 'test.done', status: 'done' },
      { handler: 'test.skipped', status: 'skipped' },
    ],
  })
  // what was told is still told, to this school and to no other
  const told = (of: typeof stage.school) =>
    of.run(`SELECT "aggregateId", archived FROM outbox.told WHERE "aggregateId" = $1 AND archived`, [recordId('one')])
  expect(await told(stage.school)).toEqual([{ aggregateId: recordId('one'), archived: true }])
  expect(await told(await school(stage.database, { name: 'Another' }))).toEqual([])
  // it is done once, whatever else happens
  expect(await archiveEvents(db, new Date(Date.now() + 91 * DAY_MS))).toBe(0)
})

test('an event that a person has just wanted again stays', async () => {
  await stage.tell({ of: 'again', version: 6 })
  await deliver('done', 6)
  await stage.sql(`UPDATE "Outbox" SET "relayedAt" = now(), "processedAt" = now() WHERE "aggregateVersion" = 6`)
  await stage.school.transaction(async (run) => {
    await run(
      `UPDATE "OutboxDelivery" SET status = 'waiting', generation = 1 WHERE handler = 'test.done' AND "aggregateVersion" = 6`,
    )
    expect(await archiveEvents(db, new Date(Date.now() + 91 * DAY_MS))).toBe(0)
  })
  expect(await versions('"Outbox"')).toContain(6)
})
