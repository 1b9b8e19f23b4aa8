import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Database } from '../core/db.ts'
import { explainFileError } from '../postgres/problem.ts'
import { say } from './say.ts'

const BEAT_MS = 10_000

export interface Worker {
  /** Whether it reached the database at its last beat. */
  readonly alive: () => boolean
  readonly stop: () => Promise<void>
}

/**
 * Starts the worker. It has no jobs yet: it keeps its connection to the database, says so in `worker-alive` under the
 * data directory (its modification time is the last proof of life), and reports a lost database.
 */
export async function startWorker({ dataDir }: Config, db: Database): Promise<Worker> {
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
