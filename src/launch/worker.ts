import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { Config } from '../config.ts'
import type { Database } from '../core/db.ts'
import { allHandlers } from '../core/handlers.ts'
import { allJobs, work } from '../core/jobs.ts'
import { explainFileError } from '../postgres/problem.ts'
import { connectCarriers } from '../services/messages.ts'
import { say } from './say.ts'
import { startSealer } from './sealer.ts'

const BEAT_MS = 10_000

export interface Worker {
  /** Whether it reached the database at its last beat. */
  readonly alive: () => boolean
  readonly stop: () => Promise<void>
}

/** Jobs under way may end before the process does; what takes longer is done by another worker, or after the next start. */
const PATIENCE_MS = 15_000

/**
 * Starts the worker: it does the jobs of src/jobs, seals the audit log, says in `worker-alive` under the data directory that it reaches the
 * database (the file's modification time is the last proof of life), and reports a lost one.
 */
export async function startWorker(config: Config, db: Database): Promise<Worker> {
  connectCarriers(config)
  const heart = await startHeart(config, db)
  const { workerConcurrency: concurrency } = config
  const working = await work(db, {
    jobs: await allJobs(),
    handlers: await allHandlers(),
    scheduled: true,
    concurrency,
    patienceMs: PATIENCE_MS,
    onError: reporter(),
  })
  const sealer = startSealer(db, reporter())
  const stop = async (): Promise<void> => {
    await sealer.stop()
    await working.stop()
    await heart.stop()
  }
  return { alive: heart.alive, stop }
}

const AGAIN_AFTER_MS = 60_000

/** Says what went wrong: a job with the stack of its fault, a queue that is held up in one line, once a minute. */
function reporter(): (error: Error) => void {
  const told = new Map<string, number>()
  return ({ message, cause }) => {
    if (cause !== undefined) return say(`${message}: ${inspect(cause)}`)
    if (Date.now() - (told.get(message) ?? 0) < AGAIN_AFTER_MS) return
    told.set(message, Date.now())
    say(`The job queue: ${message}`)
  }
}

async function startHeart({ dataDir }: Config, db: Database): Promise<Worker> {
  const file = join(dataDir, 'worker-alive')
  let reachable = true
  const beat = async (): Promise<void> => {
    try {
      await db.authQuery('SELECT 1')
      writeFileSync(file, `${process.pid}\n`)
      if (!reachable) say('The worker reaches the database again.')
      reachable = true
    } catch (error) {
      if (reachable) say(`The worker is held up: ${error instanceof Error ? error.message : String(error)}`)
      reachable = false
    }
  }
  prepare(dataDir)
  let beating = beat()
  await beating
  const timer = setInterval(() => (beating = beat()), BEAT_MS)
  const stop = async (): Promise<void> => {
    clearInterval(timer)
    await beating
  }
  return { alive: () => reachable, stop }
}

function prepare(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true })
  } catch (error) {
    throw explainFileError(error, dataDir)
  }
}
