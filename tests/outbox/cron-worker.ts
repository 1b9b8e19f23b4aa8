// Started by tests: a worker with jobs that have a schedule.
import { z } from 'zod'
import { openDatabase } from '../../src/core/db.ts'
import { type Job, job, work } from '../../src/core/jobs.ts'

const YEARLY = '0 0 1 1 *'
/** Not now, and several times in the last hours. */
const HOURLY = `${(new Date().getUTCMinutes() + 30) % 60} * * * *`
const nothing = z.object({})

const leave = (name: string, what: string): Promise<unknown> =>
  db.workerQuery('INSERT INTO effects (handler, aggregate, version) VALUES ($1, $2, 1)', [name, what])

const db = await openDatabase(process.argv[2] ?? '')
const jobs: Job[] = [
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
      await leave('test.once', String(refused))
    },
  }),
  job('test.hourly', {
    data: nothing,
    schedule: { cron: HOURLY, each: 'once', catchUp: true },
    run: async () => void (await leave('test.hourly', 'made up')),
  }),
  job('test.forgets', { data: nothing, schedule: { cron: HOURLY, each: 'once' }, run: () => Promise.resolve() }),
]
const working = await work(db, {
  jobs,
  scheduled: true,
  concurrency: 2,
  patienceMs: 5_000,
  onError: (error) => console.log(error.message, error.cause instanceof Error ? error.cause.message : ''),
})
process.on('SIGTERM', async () => {
  await working.stop()
  await db.close()
  process.exit(0)
})
console.log('working')
