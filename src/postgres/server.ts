import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { systemEnvironment } from '../config.ts'
import type { Binaries } from './binaries.ts'
import { Problem } from './problem.ts'
import { ids, type Runner } from './unprivileged.ts'

/** One database server of ours: its programs, its user and its files. */
export interface Server {
  readonly binaries: Binaries
  readonly runner: Runner
  /** PostgreSQL's own data directory. */
  readonly cluster: string
  readonly logFile: string
}

const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 30_000
const LOG_LIMIT_BYTES = 10 * 1024 * 1024

/**
 * Creates the files of a new cluster; `fsync: false` is for throw-away test databases only.
 * `passwordFile` must be readable by the server's user.
 */
export function createCluster(server: Server, passwordFile: string, fsync: boolean): void {
  const args = [
    `--pgdata=${server.cluster}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // names in the order of a phone book, the same on every machine, whatever locales it has installed
    '--no-locale',
    '--locale-provider=icu',
    '--icu-locale=en-AU',
    '--no-instructions',
    ...(fsync ? [] : ['--no-sync']),
  ]
  const [command, ...rest] = [...server.runner.prefix, server.binaries.initdb, ...args]
  const result = spawnSync(command as string, rest, {
    ...ids(server.runner),
    cwd: server.cluster,
    encoding: 'utf8',
    env: { ...systemEnvironment(), LC_ALL: 'C', TZ: 'UTC' },
  })
  if (result.error) throw cannotRun(result.error)
  if (result.status !== 0) throw explainOutput(result.stderr || result.stdout, server)
}

/** Starts the server process and waits until it takes connections on the port. */
export async function launch(server: Server, port: number, settings: Record<string, string>): Promise<ChildProcess> {
  const log = openLog(server.logFile)
  const begin = statSync(server.logFile).size
  const flags = Object.entries({ ...settings, port: String(port) }).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  const [command, ...args] = [...server.runner.prefix, server.binaries.postgres, '-D', server.cluster, ...flags]
  const child = spawn(command as string, args, {
    ...ids(server.runner),
    cwd: server.cluster,
    // its own process group: Ctrl-C reaches us alone, and the web server finishes before its database goes
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...systemEnvironment(), LC_ALL: 'C', TZ: 'UTC' },
  })
  closeSync(log)
  let failure: Error | null = null
  child.on('error', (error) => (failure = cannotRun(error)))
  child.on('exit', () => (failure ??= explainOutput(readFileSync(server.logFile).subarray(begin).toString(), server)))
  const limit = Date.now() + START_LIMIT_MS
  while (!isReady(server.cluster, child.pid)) {
    if (failure) throw failure
    if (Date.now() > limit) {
      await stop(child)
      throw new Problem(`The embedded PostgreSQL was not ready within 60 seconds; its log is ${server.logFile}.`)
    }
    await pause(15)
  }
  return child
}

/** Ends a process of ours; a server rolls open transactions back and keeps everything committed. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  const forced = setTimeout(() => child.kill('SIGQUIT'), STOP_LIMIT_MS)
  await gone
  clearTimeout(forced)
}

/** Stops the server that a killed run left on these files, and clears away a pid file that names a stranger. */
export async function stopOrphan(cluster: string): Promise<number | null> {
  const pid = Number(pidFile(cluster)[0])
  if (!pid) return null
  if (!isServerOf(pid, cluster)) {
    // the pid may by now be somebody else's, which PostgreSQL would take for a running server
    if (commandOf(pid)) rmSync(join(cluster, 'postmaster.pid'), { force: true })
    return null
  }
  process.kill(pid, 'SIGINT')
  const limit = Date.now() + STOP_LIMIT_MS
  while (isServerOf(pid, cluster)) {
    if (Date.now() > limit) throw new Problem(`A database server of an earlier run (pid ${pid}) does not stop. End it.`)
    await pause(20)
  }
  return pid
}

/** The wished port when nobody listens there, else any free one (loopback only). */
export async function freePort(wished: number | null): Promise<number> {
  const listenOn = (port: number): Promise<number | null> =>
    new Promise((resolve) => {
      const probe = createServer()
      probe.once('error', () => resolve(null))
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address()
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : null))
      })
    })
  const port = (wished && (await listenOn(wished))) || (await listenOn(0))
  if (!port) throw new Problem('No free port on 127.0.0.1 for the embedded PostgreSQL.')
  return port
}

function isReady(cluster: string, pid: number | undefined): boolean {
  const lines = pidFile(cluster)
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
}

function pidFile(cluster: string): string[] {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

function isServerOf(pid: number, cluster: string): boolean {
  const command = commandOf(pid)
  return command.includes('postgres') && command.includes(cluster)
}

/** Empty when the process is gone. */
function commandOf(pid: number): string {
  if (!existsSync('/proc/self/cmdline')) {
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

function openLog(file: string): number {
  mkdirSync(join(file, '..'), { recursive: true })
  if (existsSync(file) && statSync(file).size > LOG_LIMIT_BYTES) renameSync(file, `${file}.old`)
  return openSync(file, 'a', 0o600)
}

function cannotRun(error: Error): Problem {
  return new Problem(
    `The embedded PostgreSQL cannot run on this machine (${error.message}). ` +
      'Set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL server of your own, or use Docker.',
  )
}

/** What a failed start of the server means, in a sentence. */
export function explainOutput(output: string, server: Pick<Server, 'cluster' | 'logFile'>): Problem {
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return new Problem(
      `The disk is full: the database under ${server.cluster} could not be written. Make room, then start again.`,
    )
  }
  const reason = output.match(/(?:FATAL|PANIC|error): *(.+)/)?.[1] ?? output.trim().split('\n').at(-1) ?? ''
  return new Problem(`The embedded PostgreSQL could not start: ${reason} (log: ${server.logFile}).`)
}
