import { ConfigError } from '../config.ts'
import { Problem } from '../postgres/problem.ts'
import { say } from './say.ts'

/** A person who signals again after this long means it; npm passes one Ctrl-C on twice within moments. */
const PATIENCE_MS = 2_000

/** What has been started and must be stopped, last started first. */
export class Lifecycle {
  readonly #stops: { name: string; stop: () => Promise<void> }[] = []
  #starting: Promise<unknown> = Promise.resolve()
  #stopping: Promise<void> | null = null
  readonly #failure = Promise.withResolvers<unknown>()
  /** Resolves with the reason when a part that was running can no longer. */
  readonly failure = this.#failure.promise
  /** To be called by a part that can no longer run. */
  readonly fail: (reason: unknown) => void = this.#failure.resolve

  /**
   * Starts a part and remembers how to stop it. When we are told to stop meanwhile, the part is first let come up, then
   * stopped, and this never returns: the next part must not begin.
   */
  async begin<T>(name: string, start: () => Promise<T>, stop: (part: T) => Promise<void>): Promise<T> {
    if (this.#stopping) await never()
    const starting = start().then((part) => {
      this.#stops.push({ name, stop: () => stop(part) })
      return part
    })
    this.#starting = starting
    const part = await starting
    if (this.#stopping) await never()
    return part
  }

  /** Stops everything; all callers wait for the same end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll()
    return this.#stopping
  }

  async #stopAll(): Promise<void> {
    await this.#starting.catch(() => {})
    for (let part = this.#stops.pop(); part; part = this.#stops.pop()) {
      try {
        await part.stop()
      } catch (error) {
        say(`Stopping ${part.name} failed: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
}

type Task = (lifecycle: Lifecycle) => Promise<void>

/** Starts what runs until it is told to stop, then stops all of it. Exit code 0 after a signal, 1 after a failure. */
export function runUntilStopped(start: Task): Promise<never> {
  return run((lifecycle) => start(lifecycle).then(() => never()), 0)
}

/** Runs what ends by itself, then stops all that it started. Exit code 1 after a failure or a signal. */
export function runToEnd(errand: Task): Promise<never> {
  return run((lifecycle) => errand(lifecycle).then(() => ({ code: 0 })), 1)
}

interface Outcome {
  readonly code: number
  readonly signal?: NodeJS.Signals
  readonly error?: unknown
}

async function run(task: (lifecycle: Lifecycle) => Promise<Outcome>, codeAfterSignal: number): Promise<never> {
  const lifecycle = new Lifecycle()
  const failed = (error: unknown): Outcome => ({ code: 1, error })
  process.on('uncaughtException', lifecycle.fail)
  process.on('unhandledRejection', lifecycle.fail)
  const failure = lifecycle.failure.then(failed)
  const outcome = await Promise.race([signalled(codeAfterSignal), failure, task(lifecycle).catch(failed)])
  if (outcome.signal) say(`Stopping (${outcome.signal}) …`)
  await lifecycle.stop()
  if (outcome.error !== undefined) report(outcome.error)
  if (outcome.signal) say('Stopped.')
  process.exit(outcome.code)
}

/** Problems are for people: their sentence only. Anything else is a fault of ours and comes with its stack. */
function report(error: unknown): void {
  console.error(error instanceof Problem || error instanceof ConfigError ? error.message : error)
}

function signalled(code: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let first = 0
    const onSignal = (signal: NodeJS.Signals): void => {
      first ||= Date.now()
      // the embedded database shuts itself down when this process is gone
      if (Date.now() - first > PATIENCE_MS) process.exit(1)
      resolve({ code, signal })
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  })
}

const never = (): Promise<never> => new Promise(() => {})
