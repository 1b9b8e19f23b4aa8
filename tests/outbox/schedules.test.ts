import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PgBoss } from 'pg-boss'
import { cleanUp, endPrograms, Program, untilTrue } from '../process/program.ts'
import { cloneDatabase, type TestDatabase } from '../support/database.ts'
import { type School, school } from '../support/school.ts'
import { makeEffects } from './stage.ts'

let database: TestDatabase
let sydney: School
let adelaide: School

beforeEach(async () => {
  database = await cloneDatabase()
  sydney = await school(database, { name: 'Sydney' })
  adelaide = await school(database, { name: 'Adelaide', timeZone: 'Australia/Adelaide' })
  await makeEffects((text) => database.console('superuser', text))
})
afterEach(async () => {
  await endPrograms()
  await database.drop()
})
afterAll(cleanUp)

const sql = (text: string, values?: unknown[]) => database.console('superuser', text, values)
const startWorker = async () => {
  const worker = new Program('tests/outbox/cron-worker.ts', [database.url])
  await worker.says(/^working/m)
  return worker
}
const effects = async (handler: string) =>
  (await sql('SELECT aggregate FROM effects WHERE handler = $1', [handler])).map(({ aggregate }) => String(aggregate))
const zonesOf = async (job: string) =>
  (await sql(`SELECT timezone FROM pgboss.schedule WHERE data ->> 'job' = $1 ORDER BY 1`, [job])).map(
    ({ timezone }) => timezone,
  )
/** As pg-boss says it when a time has come. */
const tick = (job: string, zone: string) =>
  sql(
    `INSERT INTO pgboss.job (name, data, retry_limit, expire_seconds, keep_until)
     VALUES ('schedule.due', jsonb_build_object('job', $1::text, 'zone', $2::text), 1, 60, now() + interval '1 day')`,
    [job, zone],
  )

test('a job is planned in the zone of each school that is open, once however many workers there are', async () => {
  await sql(`UPDATE "Org" SET status = 'closed' WHERE id = $1`, [adelaide.orgId])
  await school(database, { name: 'Also Sydney' })
  await Promise.all([startWorker(), startWorker()])
  expect(await zonesOf('test.each')).toEqual(['Australia/Sydney'])
  expect(await zonesOf('test.once')).toEqual(['UTC'])
})

test('when its time comes it is done once for each school of the zone, but not for one that is suspended', async () => {
  const third = await school(database, { name: 'Also Sydney' })
  const paused = await school(database, { name: 'Paused' })
  await sql(`UPDATE "Org" SET status = 'suspended' WHERE id = $1`, [paused.orgId])
  await Promise.all([startWorker(), startWorker()])
  await tick('test.each', 'Australia/Sydney')
  await tick('test.once', 'UTC')
  await untilTrue(
    async () => (await effects('test.each')).length >= 2 && (await effects('test.once')).length === 1,
    'the jobs',
  )
  expect((await effects('test.each')).sort()).toEqual([sydney.orgId, third.orgId].sort())
  expect(await effects('test.once')).toEqual(['nothing of a school'])
})

describe('a time that came while no worker ran', () => {
  test('is made up for once by the job that asks for it, and by no other', async () => {
    const first = await startWorker()
    await first.signal('SIGTERM')
    // as if the last worker had looked three hours ago
    await sql(`UPDATE pgboss.schedule SET created_on = now() - interval '1 day'`)
    await sql(`UPDATE pgboss.version SET cron_on = now() - interval '3 hours'`)
    await startWorker()
    await untilTrue(async () => (await effects('test.hourly')).length > 0, 'the job that was missed', 45_000)
    expect(await effects('test.hourly')).toEqual(['made up'])
    const due = await sql(`SELECT data ->> 'job' AS job FROM pgboss.job WHERE name = 'schedule.due'`)
    expect(due.filter(({ job }) => job === 'test.hourly')).toHaveLength(1)
    expect(due.filter(({ job }) => job === 'test.forgets')).toHaveLength(0)
  }, 60_000)
})

test('a time of day is that of the zone, before and after the clocks change', () => {
  const boss = new PgBoss({ db: { executeSql: () => Promise.resolve({ rows: [] }) } })
  const at = (from: string, cron: string) =>
    boss
      .previewSchedule(cron, { tz: 'Australia/Sydney', from: new Date(from), count: 2 })
      .map((one) => one.toISOString())
  // summer time begins on 4 October 2026: 09:00 is an hour earlier in UTC from then on
  expect(at('2026-10-02T23:30:00Z', '0 9 * * *')).toEqual(['2026-10-03T22:00:00.000Z', '2026-10-04T22:00:00.000Z'])
  // 02:30 does not exist on that day: it is done once, not skipped
  expect(at('2026-10-03T15:00:00Z', '30 2 * * *')[0]).toMatch(/^2026-10-03T1[56]:/)
  // it ends on 4 April 2027: 02:30 comes twice, and the job once
  expect(at('2027-04-03T14:00:00Z', '30 2 * * *')[1]).toMatch(/^2027-04-04T/)
})
