import { hash } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Database } from './db.ts'

/** When a job is done without anybody wanting it, as cron says it: minute, hour, day of month, month, weekday. */
export interface Schedule {
  readonly cron: string
  /**
   * `school`: for each school that is not suspended or closed, at that time of its zone, in its context as the system.
   * `once`: at that time in UTC, in no school: its context reaches no school's rows, only what `ctx.db` does as the worker.
   */
  readonly each: 'school' | 'once'
  /** Do it at the next start when its time came while no worker ran, once however often it came. */
  readonly catchUp?: boolean
}

interface Scheduled {
  readonly name: string
  readonly schedule: Schedule
}

interface Parts {
  readonly db: Database
  readonly boss: PgBoss
  readonly jobs: readonly Scheduled[]
  readonly onError: (error: Error) => void
}

/** The queue in which pg-boss says that a time has come; several processes hear it once. */
export const DUE = 'schedule.due'

/** What pg-boss says when the time of a job has come in a zone. */
interface Tick {
  readonly job: string
  readonly zone: string
}

/** Schools in other zones, and settled ones that move, have their jobs within this time. */
const LOOK_EVERY_MS = 60_000

/** Does the jobs that have a schedule at their times, from now on. */
export async function startSchedules(parts: Parts): Promise<{ stop(): Promise<void> }> {
  const { boss, jobs, onError } = parts
  await forgetOthers(boss, jobs)
  await writeSchedules(parts)
  const options = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 1 } as const
  await boss.work<Tick>(DUE, options, async ([tick]) => {
    if (tick) await begin(parts, tick)
  })
  let writing: Promise<void> = Promise.resolve()
  const timer = setInterval(() => (writing = writeSchedules(parts).catch(onError)), LOOK_EVERY_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await writing
    },
  }
}

async function forgetOthers(boss: PgBoss, jobs: readonly Scheduled[]): Promise<void> {
  for (const { key, data } of await boss.getSchedules(DUE)) {
    if (!jobs.some(({ name }) => name === (data as Tick | null)?.job)) await boss.unschedule(DUE, key)
  }
}

/** One schedule for each job and zone: summer time is the zone's own affair. */
async function writeSchedules({ db, boss, jobs, onError }: Parts): Promise<void> {
  const { rows } = await db.workerQuery(
    `SELECT DISTINCT "timeZone" AS zone FROM "Org" WHERE status IN ('trial', 'active')`,
  )
  const zones = (rows as { zone: string }[]).map(({ zone }) => zone)
  const known = new Map((await boss.getSchedules(DUE)).map((one) => [one.key, one]))
  for (const { name, schedule } of jobs) {
    const missed = schedule.catchUp ? 'once' : 'skip'
    for (const zone of schedule.each === 'school' ? zones : ['UTC']) {
      const key = `${name}/${zone.replaceAll('+', '_')}`
      const found = known.get(key)
      if (found?.cron === schedule.cron && found.options?.missed === missed) continue
      const tick: Tick = { job: name, zone }
      // an unknown zone of one school is no reason to leave out the others
      await boss.schedule(DUE, schedule.cron, tick, { key, tz: zone, missed }).catch(onError)
    }
  }
}

/** Puts the job in the queue, once for each school, however often it is told of the same tick. */
async function begin({ db, boss, jobs }: Parts, tick: { id: string; data: Tick }): Promise<void> {
  const { job, zone } = tick.data
  const wanted = jobs.find(({ name }) => name === job)
  if (!wanted) return
  const schools = wanted.schedule.each === 'school' ? await schoolsIn(db, zone) : [null]
  const waiting = await waitingFor(db, job)
  const due = schools.filter((orgId) => !waiting.has(orgId))
  if (due.length === 0) return
  await boss.insert(
    job,
    due.map((orgId) => {
      const id = idOf(`${tick.id} ${orgId}`)
      const actor = { userId: null, role: null, actorKind: 'system', ip: null, requestId: id }
      return { id, data: { orgId, ...actor, data: {}, scheduled: true } }
    }),
  )
}

async function schoolsIn(db: Database, zone: string): Promise<string[]> {
  const { rows } = await db.workerQuery(
    `SELECT id FROM "Org" WHERE status IN ('trial', 'active') AND "timeZone" = $1 ORDER BY id`,
    [zone],
  )
  return (rows as { id: string }[]).map(({ id }) => id)
}

/** The schools whose last one has not begun yet: another would do nothing more. */
async function waitingFor(db: Database, job: string): Promise<Set<string | null>> {
  const { rows } = await db.workerQuery(
    `SELECT data ->> 'orgId' AS school FROM pgboss.job
      WHERE name = $1 AND state IN ('created', 'retry') AND data @> '{"scheduled": true}'`,
    [job],
  )
  return new Set((rows as { school: string | null }[]).map(({ school }) => school))
}

/** The same text is the same id. */
const idOf = (text: string): string =>
  hash('sha256', text, 'hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
