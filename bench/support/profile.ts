import { writeFileSync } from 'node:fs'
import type { Profiler } from 'node:inspector'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../../src/core/root.ts'
import type { Bench } from '../main.ts'
import { median, progress } from './figures.ts'
import { startOurs } from './list-peers.ts'
import { send, time } from './load.ts'

const WARM_UP_REQUESTS = 1500
const REQUESTS = 2000
const LINES = 30

/** Prints where the processor's time of a list request goes, by package and by function, and keeps the profile. */
export async function profileList(bench: Bench): Promise<void> {
  const { peer, targets } = await startOurs(bench)
  await send(targets.largest, 1, WARM_UP_REQUESTS)
  const before = median(await time(targets.largest, REQUESTS))
  await peer.ask('start profile')
  const during = median(await time(targets.largest, REQUESTS))
  const profile = (await peer.ask('end profile')) as Profiler.Profile
  const file = join(bench.dataSet.dataDir, 'list.cpuprofile')
  writeFileSync(file, JSON.stringify(profile))
  progress(`median of one client: ${before.toFixed(2)} ms, ${during.toFixed(2)} ms under the profiler; kept: ${file}`)
  print('by package or file', spent(profile, placeOf))
  print(
    'by function',
    spent(profile, (frame) => `${frame.functionName || '(anonymous)'}  ${placeOf(frame)}:${frame.lineNumber + 1}`),
  )
}

type Frame = Profiler.ProfileNode['callFrame']

/** Microseconds in the code itself, without what it calls, for each request. */
function spent({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, nameOf: (frame: Frame) => string) {
  const busy = nodes.filter(({ callFrame }) => callFrame.functionName !== '(idle)')
  const names = new Map(busy.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const sums = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const name = names.get(id)
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + timeDeltas[index]! / REQUESTS)
  }
  return sums
}

function placeOf({ functionName, url }: Frame): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'native'
  if (!url.startsWith('file:')) return url
  const path = fileURLToPath(url)
  const packaged = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)
  return packaged ? packaged[1]! : path.replace(`${root()}/`, '')
}

function print(title: string, sums: Map<string, number>): void {
  const all = [...sums.values()].reduce((sum, one) => sum + one, 0)
  progress(`\nµs of each request ${title} (${Math.round(all)} in all):`)
  for (const [name, microseconds] of [...sums].toSorted((a, b) => b[1] - a[1]).slice(0, LINES))
    progress(`${microseconds.toFixed(0).padStart(6)}  ${name}`)
}
