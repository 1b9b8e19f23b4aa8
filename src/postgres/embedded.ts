import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { findBinaries } from './binaries.ts'
import { lockInstance } from './instance-lock.ts'
import { explainFileError, Problem } from './problem.ts'
import { readSecrets, writeSecrets, type Secrets } from './secrets.ts'
import { createCluster, freePort, launch, stop, stopOrphan, type Server } from './server.ts'
import { findRunner, giveTo, ids, type Runner } from './unprivileged.ts'

export interface EmbeddedOptions {
  /** Everything is kept under this directory; one running instance each. */
  readonly dataDir: string
  /** `false` only for throw-away test databases: faster, and lost after a power cut. */
  readonly fsync?: boolean
  /** Further server settings, as in postgresql.conf. */
  readonly extraSettings?: Readonly<Record<string, string>>
  /** Told in one line about anything unusual that was put right. */
  readonly onNotice?: (line: string) => void
  /** Told when the server ended although nobody stopped it (killed by hand, or by the system for want of memory). */
  readonly onLost?: (problem: Problem) => void
}

export interface Embedded {
  readonly port: number
  /** For tests and repairs; the program itself never uses it. */
  readonly superuserUrl: string
  /** Owns the database `driveflow` and migrates it. */
  readonly ownerUrl: string
  /** The application's sign-in; its role is made by `ensureRoles`. */
  readonly appUrl: string
  /** Ends the server and gives the data directory back. May be called twice. */
  stop(): Promise<void>
}

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '128MB',
  max_connections: '100',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  max_wal_size: '512MB',
}

/**
 * Starts the embedded PostgreSQL, creating it on first use. Throws a Problem (one plain sentence) for everything the
 * user can put right. If this process dies in any way, kill -9 included, the server shuts itself down.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir)
  let unlock: (() => void) | undefined
  try {
    mkdirSync(dataDir, { recursive: true })
    unlock = lockInstance(dataDir)
    return await start({ ...options, dataDir }, unlock)
  } catch (error) {
    unlock?.()
    throw explainFileError(error, dataDir)
  }
}

/** The application's address of the embedded PostgreSQL that another process has started on the directory; null when none runs. */
export async function runningEmbedded(directory: string): Promise<string | null> {
  const dataDir = resolve(directory)
  if (isNew(dataDir) || !existsSync(join(clusterOf(dataDir), 'postmaster.pid'))) return null
  const { app, port } = readSecrets(dataDir, false)
  const url = `postgresql://driveflow:${app}@127.0.0.1:${port}/driveflow`
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    await client.end()
    return url
  } catch {
    return null
  }
}

async function start(options: EmbeddedOptions, unlock: () => void): Promise<Embedded> {
  const { dataDir, fsync = true } = options
  const secrets = readSecrets(dataDir, isNew(dataDir))
  const server = await prepare(options, secrets)
  const relaxed = fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  const { child, port } = await launchOnFreePort(server, secrets.port, {
    ...SETTINGS,
    ...relaxed,
    ...options.extraSettings,
  })
  const guard = guardAgainstDeath(child, server.runner)
  const lost = (): void => {
    guard.kill('SIGKILL')
    options.onLost?.(new Problem(`The embedded PostgreSQL has ended unexpectedly; its log is ${server.logFile}.`))
  }
  child.once('exit', lost)
  const end = async (): Promise<void> => {
    child.off('exit', lost)
    await stop(child)
    await stop(guard, 'SIGKILL')
    unlock()
  }
  const url = (user: string, password: string, database: string): string =>
    `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`
  const embedded: Embedded = {
    port,
    superuserUrl: url('postgres', secrets.superuser, 'postgres'),
    ownerUrl: url('driveflow_owner', secrets.owner, 'driveflow'),
    appUrl: url('driveflow', secrets.app, 'driveflow'),
    stop: end,
  }
  try {
    if (secrets.port !== port) writeSecrets(dataDir, { ...secrets, port })
    await createOwnerAndDatabase(embedded.superuserUrl, secrets.owner)
    return embedded
  } catch (error) {
    await end()
    throw error
  }
}

const clusterOf = (dataDir: string): string => join(dataDir, 'postgres')

const isNew = (dataDir: string): boolean => !existsSync(join(clusterOf(dataDir), 'PG_VERSION'))

/** Everything up to a cluster that can be started. */
async function prepare(options: EmbeddedOptions, secrets: Secrets): Promise<Server> {
  const { dataDir, fsync = true } = options
  const cluster = clusterOf(dataDir)
  const binaries = findBinaries()
  const logFile = join(dataDir, 'postgres.log')
  if (!isNew(dataDir)) {
    const orphan = await stopOrphan(cluster)
    if (orphan) options.onNotice?.(`Stopped the database of an earlier run that was killed (pid ${orphan}).`)
    const runner = findRunner(binaries.directory, cluster)
    refuseOtherVersion(readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim(), binaries.postgres, dataDir)
    return { binaries, runner, cluster, logFile }
  }
  // made beside its place and moved when complete: an interrupted first start leaves nothing half-made
  const making = `${cluster}.new`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { mode: 0o700 })
  const runner = findRunner(binaries.directory, making)
  writeSecrets(dataDir, secrets)
  const passwordFile = `${making}.password`
  try {
    writeFileSync(passwordFile, `${secrets.superuser}\n`, { mode: 0o600 })
    giveTo(passwordFile, runner)
    createCluster({ binaries, runner, cluster: making, logFile }, passwordFile, fsync)
    rmSync(cluster, { recursive: true, force: true })
    renameSync(making, cluster)
  } finally {
    for (const path of [making, passwordFile]) rmSync(path, { recursive: true, force: true })
  }
  return { binaries, runner, cluster, logFile }
}

function refuseOtherVersion(found: string, postgres: string, dataDir: string): void {
  const ours = execFileSync(postgres, ['--version'], { encoding: 'utf8' }).match(/(\d+)(?:\.|\s|$)/)?.[1]
  if (found === ours) return
  throw new Problem(
    `The database under ${dataDir} was made by PostgreSQL ${found}, this program brings ${ours}. ` +
      'Set DATA_DIR to another directory, or go back to the program version that made it and export your data.',
  )
}

async function launchOnFreePort(
  server: Server,
  wished: number | null,
  settings: Record<string, string>,
): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? wished : null)
    try {
      return { child: await launch(server, port, settings), port }
    } catch (error) {
      // somebody took the port in between, or the last backends of a killed server are still leaving
      const passing = error instanceof Problem && /TCP\/IP sockets|shared memory block/.test(error.message)
      if (!passing || attempt === 5) throw error
      await new Promise((again) => setTimeout(again, 200 * attempt))
    }
  }
}

/**
 * A shell that waits on a pipe from this process. However this process ends, the pipe closes, and the server is told to
 * shut down; nothing is left behind by a kill -9 or a crash.
 */
function guardAgainstDeath(server: ChildProcess, runner: Runner): ChildProcess {
  const script = 'while read -r _; do :; done; kill -INT "$0" 2>/dev/null'
  const [command, ...args] = [...runner.prefix, 'sh', '-c', script, String(server.pid)]
  const guard = spawn(command, args, {
    ...ids(runner),
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.unref()
  server.unref()
  return guard
}

async function createOwnerAndDatabase(superuserUrl: string, ownerPassword: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    const { rows } = await client.query(
      `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'driveflow_owner') AS owner,
              EXISTS (SELECT FROM pg_database WHERE datname = 'driveflow') AS database`,
    )
    const password = client.escapeLiteral(ownerPassword)
    if (!rows[0].owner) await client.query(`CREATE ROLE driveflow_owner LOGIN CREATEROLE PASSWORD ${password}`)
    if (!rows[0].database) await client.query('CREATE DATABASE driveflow OWNER driveflow_owner')
  } finally {
    await client.end()
  }
}
