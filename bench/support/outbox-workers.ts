import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { systemEnvironment } from '../../src/config.ts'
import { root } from '../../src/core/root.ts'
import type { OutboxSchool } from './outbox-school.ts'

/** A worker process of one kind: see bench/peers/outbox-worker.ts. */
export async function startWorker(kind: string, { appUrl, orgId }: OutboxSchool): Promise<ChildProcess> {
  const child = fork(root('bench/peers/outbox-worker.ts'), [kind, appUrl, orgId], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...systemEnvironment(), NODE_ENV: 'production' },
  })
  await once(child, 'message')
  return child
}

export async function endWorker(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

const PATIENCE_MS = 300_000

/** Waits until so many effects are there. @returns how many there are */
export async function effectsOf(school: OutboxSchool, atLeast: number): Promise<number> {
  const limit = Date.now() + PATIENCE_MS
  for (;;) {
    const [{ count } = { count: 0 }] = await school.sql('SELECT count(*)::int AS count FROM effects')
    if (Number(count) >= atLeast) return Number(count)
    if (Date.now() > limit) throw new Error(`${String(count)} of ${atLeast} effects after five minutes`)
    await pause(20)
  }
}
