import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../../src/core/root.ts'
import type { Bench } from '../main.ts'
import { median, progress } from './figures.ts'
import { startOurs } from './list-peers.ts'
import { send, time } from './load.ts'

const REQUESTS = 3000
const LINES = 40

/** Prints where the processor's time of a list request goes, by package and by function, and keeps the profile. */
export async function profileList(bench: Bench): Promise<void> {
  const folder = join(bench.dataSet.dataDir, 'profile')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const { peer, targets } = await startOurs(bench, ['--cpu-prof', `--cpu-prof-dir=${folder}`])
  await send(targets.largest, 1, REQUESTS / 3)
  const times = await time(targets.largest, REQUESTS)
  await peer.stop()
  const file = join(folder, readdirSync(folder)[0]!)
  const profile = JSON.parse(readFileSync(file, 'utf8')) as Profile
  progress(`${REQUESTS} requests of one client, median ${median(times).toFixed(2)} ms, under the profiler: ${file}`)
  print('by package or folder', summary(profile, placeOf))
  print(
    'by function',
    summary(
      profile,
      ({ functionName, ...frame }) =>
        `${functionName || '(anonymous)'}  ${placeOf({ functionName, ...frame })}:${frame.lineNumber + 1}`,
    ),
  )
}

interface Frame {
  functionName: string
  url: string
  lineNumber: number
}

interface Profile {
  nodes: { id: number; callFrame: Frame }[]
  samples: number[]
  /** Microseconds. */
  timeDeltas: number[]
}

/** Milliseconds spent in the code itself, without what it calls. */
function summary({ nodes, samples, timeDeltas }: Profile, nameOf: (frame: Frame) => string): Map<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const spent = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const name = names.get(id)!
    spent.set(name, (spent.get(name) ?? 0) + timeDeltas[index]! / 1000)
  }
  return spent
}

function placeOf({ functionName, url }: Frame): string {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)'
  if (!url.startsWith('file:')) return url
  const path = fileURLToPath(url)
  const packaged = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)
  return packaged ? packaged[1]! : path.replace(`${root()}/`, '')
}

function print(title: string, spent: Map<string, number>): void {
  spent.delete('(idle)')
  const busy = [...spent.values()].reduce((sum, one) => sum + one, 0)
  progress(`\n${title}:`)
  for (const [name, ms] of [...spent].toSorted((a, b) => b[1] - a[1]).slice(0, LINES))
    progress(`${((ms / busy) * 100).toFixed(1).padStart(5)} %  ${name}`)
}
