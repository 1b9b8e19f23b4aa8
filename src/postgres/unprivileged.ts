import { spawnSync } from 'node:child_process'
import { chownSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from './problem.ts'

interface User {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** How the server's programs are started: PostgreSQL refuses to run as root. */
export interface Runner {
  /** The server's user; null when that is this user. */
  readonly user: User | null
  /** Put in front of the program and its arguments. */
  readonly prefix: readonly string[]
}

/**
 * Finds how to run the server on these directories: as this user, or, when this user is root, as `postgres` or `nobody`.
 * Hands the data directory to that user. Throws a Problem when that user cannot reach one of the directories.
 */
export function findRunner(programs: string, data: string): Runner {
  if (process.getuid?.() !== 0) return { user: null, prefix: [] }
  const user = findUser('postgres') ?? findUser('nobody')
  if (!user) {
    throw new Problem('As root the embedded PostgreSQL needs a user "postgres" or "nobody"; this machine has neither.')
  }
  const asUser: Runner = { user, prefix: [] }
  giveTo(data, asUser)
  if (reaches(asUser, programs, data)) return asUser
  const passing: Runner = { user, prefix: withPassage(user) }
  if (reaches(passing, programs, data)) return passing
  throw new Problem(
    `As root the embedded PostgreSQL runs as the user "${user.name}", which cannot reach ${data} or ${programs}. ` +
      'Put the project and DATA_DIR where every user may enter (not under /root), or start as an ordinary user.',
  )
}

function findUser(name: string): User | null {
  const line = readFileSync('/etc/passwd', 'utf8').match(new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm'))
  return line ? { name, uid: Number(line[1]), gid: Number(line[2]) } : null
}

/**
 * A checkout under /root, say: the same user, with the one right to pass through directories it may not open.
 * The secure bit makes access(2), which PostgreSQL asks first, see that right too.
 */
function withPassage({ uid, gid }: User): string[] {
  const rights = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override', '--securebits=+no_setuid_fixup']
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...rights, '--']
}

function reaches(runner: Runner, programs: string, data: string): boolean {
  const script = 'cd "$0" && exec "$1" --version'
  const [command, ...args] = [...runner.prefix, 'sh', '-c', script, data, join(programs, 'bin/initdb')]
  return spawnSync(command, args, { stdio: 'ignore', cwd: '/', ...ids(runner) }).status === 0
}

/** The part of a runner that `spawn` understands. With a prefix it is the prefix that changes the user. */
export function ids({ user, prefix }: Runner): { uid?: number; gid?: number } {
  return user && prefix.length === 0 ? { uid: user.uid, gid: user.gid } : {}
}

/** Hands a file or a directory with all that is in it to the server's user. */
export function giveTo(path: string, runner: Runner): void {
  if (!runner.user) return
  const { uid, gid } = runner.user
  const state = lstatSync(path)
  if (state.uid === uid && state.gid === gid) return
  // the directory itself goes last: an interrupted hand-over starts again
  if (state.isDirectory()) for (const entry of readdirSync(path)) giveTo(join(path, entry), runner)
  if (!state.isSymbolicLink()) chownSync(path, uid, gid)
}
