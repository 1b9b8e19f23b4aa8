import { allJobs, work } from '../../src/core/jobs.ts'
import { Program, untilTrue } from '../process/program.ts'
import type { Stage } from './stage.ts'

/** A worker in a process of its own that does these jobs, and stops at a point of points.ts when one is named. */
export const startWorker = ({ base, at }: Stage, names: readonly string[], point = ''): Program =>
  new Program('tests/money/dying-worker.ts', [base.url, at.simulator.url, names.join(','), point])

const sql = ({ base }: Stage, text: string, values?: unknown[]) => base.console('superuser', text, values)

/** The death of a worker is noticed when it gives no sign of life for ten seconds; here it is noticed at once. */
export const noticeDeath = (stage: Stage) =>
  sql(stage, `UPDATE pgboss.job SET heartbeat_on = now() - interval '1 hour' WHERE state = 'active'`)

export const waiting = (stage: Stage, names: readonly string[]) =>
  sql(stage, `SELECT FROM pgboss.job WHERE state < 'completed' AND name = ANY ($1)`, [names])

/** The next worker does what the dead one has left. */
export async function nextWorker(stage: Stage, names: readonly string[]): Promise<void> {
  await noticeDeath(stage)
  const jobs = (await allJobs()).filter(({ name }) => names.includes(name))
  const failures: string[] = []
  const working = await work(stage.db, {
    jobs,
    concurrency: 4,
    patienceMs: 5_000,
    onError: ({ message, cause }) => failures.push(`${message} ${String(cause)}`),
  })
  const isDone = async () => (await waiting(stage, names)).length === 0
  await untilTrue(isDone, 'the next worker to do it', 60_000).catch((error: Error) => {
    throw new Error(`${error.message}:\n${failures.join('\n')}`)
  })
  await working.stop()
}
