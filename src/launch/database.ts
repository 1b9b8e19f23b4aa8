import { relative } from 'node:path'
import type { Config } from '../config.ts'
import { type Database, DatabaseProblem, openDatabase } from '../core/db.ts'
import { startEmbedded } from '../postgres/embedded.ts'
import { migrate, refuseUnmigrated } from '../postgres/migrate.ts'
import { Problem } from '../postgres/problem.ts'
import type { Lifecycle } from './lifecycle.ts'
import { since, step } from './say.ts'

export interface Urls {
  readonly appUrl: string
  readonly ownerUrl: string
}

/** One's own server when it is configured, else the embedded one, which is started. */
export async function provideServer(config: Config, lifecycle: Lifecycle): Promise<Urls> {
  const { databaseUrl, databaseOwnerUrl, dataDir } = config
  if (databaseUrl && databaseOwnerUrl) {
    const { host, pathname } = new URL(databaseUrl)
    step('database', `${pathname.slice(1)} on ${host}`)
    return { appUrl: databaseUrl, ownerUrl: databaseOwnerUrl }
  }
  const begin = performance.now()
  const embedded = await lifecycle.begin(
    'the database',
    () => startEmbedded({ dataDir, onNotice: (line) => step('database', line), onLost: lifecycle.fail }),
    (server) => server.stop(),
  )
  step('database', `embedded PostgreSQL on port ${embedded.port}, files in ${forPeople(dataDir)} (${since(begin)})`)
  return embedded
}

/** Brings the database up to date and says so. */
export async function migrateAloud({ ownerUrl, appUrl }: Urls, lifecycle: Lifecycle): Promise<void> {
  const begin = performance.now()
  // a part of its own: who stops us meanwhile gets a finished migration, not half of one
  const applied = await lifecycle.begin(
    'the migrations',
    () => migrate(ownerUrl, appUrl),
    async () => {},
  )
  step('migrations', applied.length === 0 ? 'up to date' : `${applied.length} applied (${since(begin)})`)
}

/** The application's connections, for a process that neither migrates nor brings a server of its own. */
export async function openOwnDatabase(config: Config, lifecycle: Lifecycle): Promise<Database> {
  if (!config.databaseUrl) throw new Problem('DATABASE_URL is not set.')
  await refuseUnmigrated(config.databaseUrl)
  return openFor(config, config.databaseUrl, lifecycle)
}

/** Opens the application's connections; they are closed when the process stops. */
export function openFor(config: Config, appUrl: string, lifecycle: Lifecycle): Promise<Database> {
  return lifecycle.begin(
    'the database connections',
    () => openDatabase(appUrl, { max: config.dbPoolMax }).catch(forOperator),
    (db) => db.close(),
  )
}

/** A problem of the database as one for the operator. */
export function forOperator(error: unknown): never {
  throw error instanceof DatabaseProblem ? new Problem(error.message) : error
}

/** A path as people would write it: short when it is below the current directory. */
export function forPeople(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short || '.'
}
