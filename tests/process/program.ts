import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '../..')

const directories: string[] = []
const programs: Program[] = []

/** A data directory that everybody may enter, removed by cleanUp. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'driveflow-process-'))
  directories.push(directory)
  return directory
}

/** Ends every program a test has left running. */
export async function endPrograms(): Promise<void> {
  for (const program of programs.splice(0)) await program.signal('SIGTERM')
}

/** Ends every program a test has left running and removes its data. */
export async function cleanUp(): Promise<void> {
  await endPrograms()
  for (const directory of directories.splice(0)) {
    await untilTrue(() => processesOf(directory).length === 0, `the processes on ${directory} to end`)
    rmSync(directory, { recursive: true, force: true })
  }
}

/** A process of the program, as an operator starts it. */
export class Program {
  readonly child: ChildProcess
  output = ''

  constructor(file: string, args: readonly string[], env: Record<string, string> = {}) {
    const { PATH = '', HOME = '' } = process.env
    // settings of the person who runs the tests must not reach it, and its .env neither
    const unset = {
      DATABASE_URL: '',
      DATABASE_OWNER_URL: '',
      SESSION_SECRET: '',
      DEMO: '',
      APP_URL: '',
      LOG_LEVEL: 'warn',
    }
    this.child = spawn(process.execPath, [join(ROOT, file), ...args], {
      env: { PATH, HOME, ...unset, ...env },
      cwd: ROOT,
    })
    this.child.stdout?.on('data', (text) => (this.output += text))
    this.child.stderr?.on('data', (text) => (this.output += text))
    programs.push(this)
  }

  static main(command: string, env: Record<string, string> = {}): Program {
    return new Program('src/main.ts', [command], env)
  }

  /** Waits for a line of its output. */
  async says(pattern: RegExp, limitMs = 30_000): Promise<RegExpMatchArray> {
    await untilTrue(() => pattern.test(this.output) || this.#ended, `it to say ${pattern}`, limitMs).catch(
      (error: Error) => {
        throw new Error(`${error.message}; it said:\n${this.output}`)
      },
    )
    const match = this.output.match(pattern)
    if (!match) throw new Error(`it ended without saying ${pattern}, but:\n${this.output}`)
    return match
  }

  /** Sends the signal and waits for the end; its exit code. */
  async signal(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.#ended) this.child.kill(signal)
    return this.end()
  }

  async end(): Promise<number | null> {
    if (!this.#ended) await once(this.child, 'close')
    return this.child.exitCode
  }

  get #ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }
}

/** The command lines of living processes that name the directory. */
export function processesOf(directory: string): { pid: number; command: string }[] {
  return allProcesses().filter(({ pid, command }) => pid !== process.pid && command.includes(directory))
}

function allProcesses(): { pid: number; command: string }[] {
  if (!existsSync('/proc/self/cmdline')) {
    const { stdout } = spawnSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' })
    return stdout.split('\n').map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim() }))
  }
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }]
    } catch {
      return [] // it ended while we looked
    }
  })
}

/** Waits for a fact. */
export async function untilTrue(fact: () => boolean | Promise<boolean>, what: string, limitMs = 30_000): Promise<void> {
  const limit = Date.now() + limitMs
  while (!(await fact())) {
    if (Date.now() > limit) throw new Error(`waited in vain for ${what}`)
    await pause(20)
  }
}
