import { loadConfig } from '../config.ts'
import { openOwnDatabase } from './database.ts'
import type { Lifecycle } from './lifecycle.ts'
import { say } from './say.ts'
import { beginWeb, beginWorker } from './services.ts'
import { connectByKey } from './stripe.ts'
import { settle } from './web-config.ts'

/** Only the web server, on a database of one's own. */
export async function web(lifecycle: Lifecycle): Promise<void> {
  const config = await settle(loadConfig({ web: true, server: true }))
  const db = await openOwnDatabase(config, lifecycle)
  connectByKey(config)
  await beginWeb({ config, db }, lifecycle)
  say(`DriveFlow Admin listens on ${config.host} port ${config.port}: ${config.appUrl}/admin`)
}

/** Only a worker, on a database of one's own. */
export async function worker(lifecycle: Lifecycle): Promise<void> {
  const config = loadConfig({ server: true })
  const db = await openOwnDatabase(config, lifecycle)
  connectByKey(config)
  await beginWorker(config, db, lifecycle)
  say('The worker is running.')
}
