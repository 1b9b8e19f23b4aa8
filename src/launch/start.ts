import { loadConfig } from '../config.ts'
import { beginWeb, beginWorker } from './services.ts'
import { forPeople, migrateAloud, openFor, provideServer } from './database.ts'
import { demoLogins, loadDemo } from './demo.ts'
import type { Lifecycle } from './lifecycle.ts'
import { say, since, step } from './say.ts'
import { beginStripe } from './stripe.ts'
import { settle } from './web-config.ts'

/** Everything on one machine: database, migrations, demo schools, web and worker in this process. */
export async function start(lifecycle: Lifecycle): Promise<void> {
  const begin = performance.now()
  say('DriveFlow Admin is starting …')
  const config = await settle(loadConfig({ web: true, owner: true }))
  const urls = await provideServer(config, lifecycle)
  await migrateAloud(urls, lifecycle)
  const db = await openFor(config, urls.appUrl, lifecycle)
  if (config.demo) await loadDemo(config, db, urls)
  await beginStripe(config, db, lifecycle)
  const worker = await beginWorker(config, db, lifecycle)
  step('worker', 'running')
  await beginWeb({ config, db, workerSeen: worker.alive }, lifecycle)
  step('web', `listening on ${config.host} port ${config.port}`)
  say(`Ready after ${since(begin)}: ${config.appUrl}/admin`)
  if (config.demo) say(`Demo sign-ins: ${forPeople(demoLogins(config))}`)
  say('Ctrl-C stops everything.')
}
