// Started by tests: a worker that does what is asked of Stripe, and stops for ever at one point on the way, to be killed.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database } from '../../src/core/db.ts'
import { allJobs, type Job } from '../../src/core/jobs.ts'
import { connectStripe } from '../../src/services/stripe.ts'
import { SECRETS } from '../support/stripe.ts'
import { workUntilStopped } from '../support/worker.ts'
import type { Point } from './points.ts'

/** One job on its way. */
interface Way {
  readonly job: string
  /** The rows it is about. */
  readonly ids: readonly string[]
  answered: boolean
}

const [url = '', apiBase = '', names = '', point = ''] = process.argv.slice(2)
const way = new AsyncLocalStorage<Way>()

/** Stands still here when it is the point to die at. */
async function at(here: Point): Promise<void> {
  const job = way.getStore()?.job
  if (!job || here !== point) return
  console.log(`${job} is at: ${here}`)
  await new Promise(() => {})
}

const { client } = connectStripe({
  secretKey: 'sk_test_simulated',
  apiBase,
  webhookSecret: SECRETS.platform,
  connectWebhookSecret: SECRETS.connect,
  simulated: true,
})
client.on('response', ({ method }: { readonly method: string }) => {
  const job = way.getStore()
  if (job && method === 'POST') job.answered = true
})

const dying = (job: Job): Job => ({
  ...job,
  run: (ctx, data, attempt) =>
    way.run({ job: job.name, ids: Object.values(data as Record<string, string>), answered: false }, async () => {
      await at('taken')
      await job.run(ctx, data, attempt)
    }),
})

/** Says where a job is by the transactions it makes: the one with its key, and those after Stripe's answer. */
function watch(db: Database): void {
  const transaction = db.transaction.bind(db)
  db.transaction = async (ctx, fn, timeout) => {
    const job = way.getStore()
    if (!job) return await transaction(ctx, fn, timeout)
    if (job.answered) await at('answered, nothing written')
    let keyWritten = false
    const result = await transaction(
      ctx,
      async (tx) => {
        const done = await fn(tx)
        if (job.answered) await at('written, not committed')
        const keys = { orgId: ctx.orgId, refId: { in: [...job.ids] }, status: 'pending' as const }
        keyWritten = !job.answered && (await tx.stripeCall.count({ where: keys })) > 0
        if (keyWritten) await at('key written, not committed')
        return done
      },
      timeout,
    )
    if (keyWritten) await at('key committed, not asked')
    if (job.answered) await at('committed, job not ended')
    return result
  }
}

const wanted = names.split(',')
const jobs = (await allJobs()).filter(({ name }) => wanted.includes(name)).map(dying)
await workUntilStopped(url, (db) => {
  watch(db)
  return { jobs, concurrency: 1, patienceMs: 1_000 }
})
