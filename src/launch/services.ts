import { type Config, preferProductionScripts } from '../config.ts'
import type { Database } from '../core/db.ts'
import { allJobs } from '../core/jobs.ts'
import { prepareQueues } from '../core/queues.ts'
import { flushNotes } from '../domain/audit/note-later.ts'
import { forOperator } from './database.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { WebConfig } from './web-config.ts'
import { startWorker, type Worker } from './worker.ts'

export interface WebParts {
  readonly config: WebConfig
  readonly db: Database
  /** Whether the worker of this process is alive; absent when it has none. */
  readonly workerSeen?: () => boolean
}

/** Starts the web server as a part of this process. */
export async function beginWeb(parts: WebParts, lifecycle: Lifecycle): Promise<void> {
  preferProductionScripts()
  // not imported above: see preferProductionScripts
  const { startWeb } = await import('./web.ts')
  await prepareQueues(parts.db, await allJobs()).catch(forOperator)
  await lifecycle.begin(
    'the web server',
    () => startWeb(parts),
    async (server) => {
      await server.close()
      // what people looked at last; without the database there is nothing to be done about it
      await flushNotes(parts.db).catch(() => {})
    },
  )
}

/** Starts the worker as a part of this process. */
export function beginWorker(config: Config, db: Database, lifecycle: Lifecycle): Promise<Worker> {
  return lifecycle.begin(
    'the worker',
    () => startWorker(config, db).catch(forOperator),
    (worker) => worker.stop(),
  )
}
