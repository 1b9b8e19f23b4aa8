// Started by tests: a worker with jobs that have a schedule.
import { z } from 'zod'
import type { Database } from '../../src/core/db.ts'
import { type Job, job } from '../../src/core/jobs.ts'
import { workUntilStopped } from '../support/worker.ts'

const YEARLY = '0 0 1 1 *'
/** Not now, and several times in the last hours. */
const HOURLY = `${(new Date().getUTCMinutes() + 30) % 60} * * * *`
const nothing = z.object({})

const leave = (db: Database, name: string, what: string): Promise<unknown> =>
  db.workerQuery('INSERT INTO effects (handler, aggregate, version) VALUES ($1, $2, 1)', [name, what])

const jobsOn = (db: Database): Job[] => [
  job('test.each', {
    data: nothing,
    schedule: { cron: YEARLY, each: 'school' },
    run: (ctx) =>
      ctx.db.transaction(ctx, async (tx) => {
        const [{ id } = { id: '' }] = await tx.org.findMany({ select: { id: true } })
        await tx.$executeRaw`INSERT INTO effects (handler, aggregate, version) VALUES ('test.each', ${id}, 1)`
      }),
  }),
  job('test.once', {
    data: nothing,
    schedule: { cron: YEARLY, each: 'once' },
    run: async (ctx) => {
      const refused = await ctx.db.read(ctx, (client) => client.org.findMany()).catch(() => 'nothing of a school')
      await leave(db, 'test.once', String(refused))
    },
  }),
  job('test.hourly', {
    data: nothing,
    schedule: { cron: HOURLY, each: 'once', catchUp: true },
    run: async () => void (await leave(db, 'test.hourly', 'made up')),
  }),
  job('test.forgets', { data: nothing, schedule: { cron: HOURLY, each: 'once' }, run: () => Promise.resolve() }),
]

await workUntilStopped(process.argv[2] ?? '', (db) => ({
  jobs: jobsOn(db),
  scheduled: true,
  concurrency: 2,
  patienceMs: 5_000,
}))
