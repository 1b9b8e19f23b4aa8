import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { systemEnvironment } from '../../src/config.ts'
import { root } from '../../src/core/root.ts'
import type { Lifecycle } from '../../src/launch/lifecycle.ts'
import { freePort } from '../../src/postgres/server.ts'
import type { Question } from './inside.ts'

const START_LIMIT_MS = 120_000
const STOP_LIMIT_MS = 10_000

/** A web server in a process of its own. */
export interface Peer {
  readonly name: string
  readonly url: string
  /** Asks what only the process itself can tell. */
  ask(question: Question): Promise<unknown>
  stop(): Promise<void>
}

interface Program {
  readonly name: string
  /** Path of the script in the project, and its arguments. */
  readonly script: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
}

/** Starts a program that listens on PORT of the loopback interface, and waits until it answers. */
export async function startPeer(lifecycle: Lifecycle, program: Program): Promise<Peer> {
  return await lifecycle.begin(
    program.name,
    () => start(program),
    (peer) => peer.stop(),
  )
}

async function start({ name, script: [script, ...args], env }: Program): Promise<Peer> {
  const port = await freePort(null)
  const child = fork(root(script), args, {
    execArgv: ['--expose-gc', '--import', root('bench/support/inside.ts')],
    // its log is written, as always, but kept by nobody
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...systemEnvironment(), NODE_ENV: 'production', PORT: String(port), ...env },
  })
  const peer = {
    name,
    url: `http://127.0.0.1:${port}`,
    stop: () => stop(child),
    ask: async (question: Question) => {
      child.send(question)
      const [answer] = (await once(child, 'message')) as [unknown]
      return answer
    },
  }
  await answering(peer, child)
  return peer
}

async function answering({ name, url }: Peer, child: ChildProcess): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS
  while (Date.now() < limit) {
    if (child.exitCode !== null) throw new Error(`${name} ended while it was starting`)
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    await answer?.body?.cancel()
    // a peer may not know the address: an answer is an answer
    if (answer && answer.status !== 503) return
    await pause(50)
  }
  await stop(child)
  throw new Error(`${name} does not answer`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
  await ended
  clearTimeout(late)
}

/** Resident memory in MB, after everything that is garbage has been collected. */
export async function memoryOf(peer: Peer): Promise<number> {
  return ((await peer.ask('memory')) as number) / 1024 / 1024
}

/** Milliseconds of processor time since the process began; says the same whatever else the machine does. */
export async function processorTimeOf(peer: Peer): Promise<number> {
  const { user, system } = (await peer.ask('processor time')) as NodeJS.CpuUsage
  return (user + system) / 1000
}
