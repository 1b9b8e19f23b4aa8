import { randomBytes } from 'node:crypto'
import { panelRoles } from '../src/core/permissions.ts'
import type { Bench } from './main.ts'
import { measureLoads } from './support/browser.ts'
import { median, progress, report } from './support/figures.ts'
import { LIST } from './support/list-peers.ts'
import { ask } from './support/load.ts'
import { employ, signIn } from './support/people.ts'
import { type Peer, memoryOf, startPeer } from './support/processes.ts'

/** What a browser that knows nothing yet loads for the list of bookings, and what it loads the next time. */
export default async function load(bench: Bench): Promise<void> {
  const { peer, startedInMs } = await startTwice(bench)
  report({ name: 'load.second_start_ms', value: startedInMs, unit: 'ms' })
  const { cookie, bytes } = await biggestPage(bench, peer)
  report({ name: 'load.html_bytes', value: bytes, unit: 'bytes' })
  const [booking] = await recordsOf(peer, cookie)
  const record = `${LIST}/records/${booking!.id}/show`
  progress(`${bench.rounds} browsers with nothing in their caches …`)
  const rounds = await measureLoads(peer.url, { cookie, rounds: bench.rounds, list: LIST, record })
  for (const [name, { kB, scriptBytes, requests, ms }] of Object.entries(rounds)) {
    report({ name: `load.${name}_kb`, value: median(kB), unit: 'kB' })
    report({ name: `load.${name}_script_bytes`, value: median(scriptBytes), unit: 'bytes' })
    report({ name: `load.${name}_requests`, value: median(requests), unit: 'requests' })
    report({ name: `load.${name}_ms`, value: median(ms), unit: 'ms' })
  }
  report({ name: 'load.rss_mb', value: await memoryOf(peer), unit: 'MB' })
}

/** The first start may have to build the screens; the second one finds them. */
async function startTwice({ lifecycle, dataSet }: Bench): Promise<{ peer: Peer; startedInMs: number }> {
  const { appUrl, dataDir } = dataSet
  const env = {
    DATABASE_URL: appUrl,
    DATA_DIR: dataDir,
    SESSION_SECRET: randomBytes(32).toString('base64url'),
    DEMO: 'true',
  }
  const start = () => startPeer(lifecycle, { name: 'ours', script: ['src/main.ts', 'web'], env })
  await (await start()).stop()
  const began = performance.now()
  const peer = await start()
  return { peer, startedInMs: performance.now() - began }
}

/** Of the roles the one whose page is the largest, and who is signed in with it. */
async function biggestPage({ dataSet }: Bench, peer: Peer): Promise<{ cookie: string; bytes: number }> {
  const { orgId } = dataSet.schools.middling
  const pages = []
  for (const role of panelRoles) {
    const cookie = await signIn(peer.url, await employ(dataSet, orgId, role))
    const { body } = await ask({ url: peer.url + LIST, headers: { cookie, 'accept-encoding': 'identity' } })
    pages.push({ cookie, bytes: body.length })
  }
  return pages.reduce((one, other) => (other.bytes > one.bytes ? other : one))
}

async function recordsOf(peer: Peer, cookie: string): Promise<{ id: string }[]> {
  const url = `${peer.url}/admin/api/resources/Booking/actions/list`
  const { body } = await ask({ url, headers: { cookie, 'accept-encoding': 'identity' } })
  return (JSON.parse(body.toString('utf8')) as { records: { id: string }[] }).records
}
