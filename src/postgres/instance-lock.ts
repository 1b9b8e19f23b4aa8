import { spawnSync } from 'node:child_process'
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from './problem.ts'

interface Holder {
  readonly pid: number
  /** When the process started, as the system tells it: a reused pid has another one. */
  readonly started: string
}

/**
 * Makes this process the only one on the data directory and returns the function that gives it back.
 * A lock whose process is gone (a killed run) is taken over. Throws a Problem naming the pid when the holder lives.
 */
export function lockInstance(dataDir: string): () => void {
  const path = join(dataDir, 'instance.lock')
  const own = `${path}.${process.pid}`
  const content = JSON.stringify({ pid: process.pid, started: startOf(process.pid) })
  writeFileSync(own, content, { mode: 0o600 })
  try {
    // link() is atomic and brings the content with it: nobody ever reads a half-written lock
    while (!tryLink(own, path)) removeStale(path, dataDir)
  } finally {
    rmSync(own, { force: true })
  }
  return () => {
    if (read(path) === content) rmSync(path, { force: true })
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

function removeStale(path: string, dataDir: string): void {
  const seen = read(path)
  if (seen === null) return
  refuseLiving(seen, dataDir)
  const aside = `${path}.stale.${process.pid}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  // between reading and renaming another start may have taken the lock: then it is put back
  const moved = read(aside)
  if (moved !== seen && moved !== null) tryLink(aside, path)
  rmSync(aside, { force: true })
}

function refuseLiving(content: string, dataDir: string): void {
  const holder = parse(content)
  if (!holder || !holder.started || startOf(holder.pid) !== holder.started) return
  throw new Problem(
    `Another DriveFlow Admin (pid ${holder.pid}) is already running on the data directory ${dataDir}. ` +
      'Stop it first, or start this one with another DATA_DIR and PORT.',
  )
}

function parse(content: string): Holder | null {
  try {
    return JSON.parse(content) as Holder
  } catch {
    return null
  }
}

/** Empty when the process is gone, or dead and only not yet collected by its parent. */
function startOf(pid: number): string {
  if (existsSync('/proc/self/stat')) {
    // counted after the command name, which may itself contain spaces and brackets
    const stat = read(`/proc/${pid}/stat`)
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
    return fields[0] === 'Z' ? '' : (fields[19] ?? '')
  }
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
  const [state = '', ...start] = stdout.trim().split(/\s+/)
  return state.startsWith('Z') ? '' : start.join(' ')
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
