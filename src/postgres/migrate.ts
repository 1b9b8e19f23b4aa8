import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { systemEnvironment } from '../config.ts'
import { root } from '../core/root.ts'
import { connect } from './connect.ts'
import { Problem } from './problem.ts'
import { migrateQueues } from './queues.ts'
import { ensureRoles } from './roles.ts'

/** The advisory lock that Prisma holds while it migrates. */
const PRISMA_LOCK = 72_707_369

/**
 * Brings the roles and the tables up to date, as the owner, and returns the names of the migrations that were applied
 * (none: it was up to date). Throws a Problem in plain words when that is not possible.
 */
export async function migrate(ownerUrl: string, appUrl: string): Promise<string[]> {
  await ensureRoles(ownerUrl, appUrl)
  const pending = await pendingMigrations(ownerUrl, 'DATABASE_OWNER_URL')
  // the check takes milliseconds, Prisma's start more than a second: it is not called for nothing
  if (pending.length > 0) {
    await forgetInterrupted(ownerUrl)
    await deploy(ownerUrl)
    await showMigrationsToApp(ownerUrl)
  }
  await migrateJobQueue(ownerUrl)
  return pending
}

/** Throws a Problem when the database is away, too old, or not at the state this program was written for. */
export async function refuseUnmigrated(appUrl: string): Promise<void> {
  const pending = await pendingMigrations(appUrl, 'DATABASE_URL')
  if (pending.length === 0) return
  throw new Problem(
    `The database is not migrated: ${pending.length} of ${migrationNames().length} migrations are missing ` +
      `(first: ${pending[0]}). Run: npm run migrate`,
  )
}

/** The migrations of this program that the database has not got, oldest first. Throws a Problem when it has newer ones. */
async function pendingMigrations(url: string, setting: string): Promise<string[]> {
  const client = await connect(url, setting)
  try {
    const { rows: exists } = await client.query<{ found: boolean }>(
      `SELECT coalesce(has_column_privilege(to_regclass('public._prisma_migrations'), 'migration_name', 'SELECT'), false)
              AS found`,
    )
    const ours = migrationNames()
    if (!exists[0]?.found) return ours
    const { rows } = await client.query<{ name: string; done: boolean }>(
      `SELECT migration_name AS name, finished_at IS NOT NULL AS done
         FROM public._prisma_migrations WHERE rolled_back_at IS NULL`,
    )
    const strange = rows.find((row) => !ours.includes(row.name))
    if (strange) {
      throw new Problem(
        `The database has a migration that this version of the program does not know (${strange.name}). ` +
          'It was last used by a newer version: start that one.',
      )
    }
    return ours.filter((name) => !rows.some((row) => row.name === name && row.done))
  } finally {
    await client.end()
  }
}

/**
 * A migration is sent as one script, so one that was cut off has left nothing but its unfinished record, which would
 * stop Prisma. The record is marked as rolled back, unless the migration is being run by somebody else at this moment.
 */
async function forgetInterrupted(ownerUrl: string): Promise<void> {
  const client = await connect(ownerUrl, 'DATABASE_OWNER_URL')
  try {
    const { rows } = await client.query<{ free: boolean; found: boolean }>(
      `SELECT pg_try_advisory_lock($1) AS free, to_regclass('public._prisma_migrations') IS NOT NULL AS found`,
      [PRISMA_LOCK],
    )
    if (!rows[0]?.free || !rows[0].found) return
    await client.query(
      `UPDATE public._prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL`,
    )
  } finally {
    await client.end()
  }
}

async function migrateJobQueue(ownerUrl: string): Promise<void> {
  const client = await connect(ownerUrl, 'DATABASE_OWNER_URL')
  try {
    await migrateQueues(client)
  } finally {
    await client.end()
  }
}

/** So that web and worker, which never sign in as the owner, can tell that they are too early. */
async function showMigrationsToApp(ownerUrl: string): Promise<void> {
  const client = await connect(ownerUrl, 'DATABASE_OWNER_URL')
  try {
    await client.query(
      'GRANT SELECT (migration_name, finished_at, rolled_back_at) ON public._prisma_migrations TO driveflow_app',
    )
  } finally {
    await client.end()
  }
}

function migrationNames(): string[] {
  const directory = root('prisma/migrations')
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, 'migration.sql')))
    .toSorted()
}

async function deploy(ownerUrl: string): Promise<void> {
  const prisma = root('node_modules/prisma/build/index.js')
  const child = spawn(process.execPath, [prisma, 'migrate', 'deploy'], {
    cwd: root(),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for us: a migration that has begun is let end
    detached: true,
    env: {
      ...systemEnvironment(),
      // both: the configuration reads the owner's, the schema names the other
      DATABASE_URL: ownerUrl,
      DATABASE_OWNER_URL: ownerUrl,
      // nothing here may ask the network for news
      CHECKPOINT_DISABLE: '1',
      NO_UPDATE_NOTIFIER: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      NO_COLOR: '1',
    },
  })
  const code = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve))
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  if ((await code) !== 0) throw explain(errors || output)
}

function explain(quoted: string): Problem {
  const output = quoted.replaceAll('\\"', '"')
  const failed = output.match(/migration_name="(\S+)"/)?.[1]
  const reason = output.match(/^Error querying the database: (?:ERROR: *)?(.+)$/m)?.[1]
  if (failed && reason) return new Problem(`The migration ${failed} failed: ${reason}. Nothing of it was kept.`)
  if (output.includes('P3005')) {
    return new Problem('The database of DATABASE_OWNER_URL holds tables of another program. Use an empty database.')
  }
  const lines = output
    .split('\n')
    .filter((line) => line.trim() && !/^(Loaded Prisma|Prisma config|Prisma schema|Datasource)/.test(line))
  return new Problem(`The database could not be migrated. Prisma says:\n${lines.join('\n')}`)
}
