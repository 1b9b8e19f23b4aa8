import { gunzipSync } from 'node:zlib'
import { encodeCursor } from '../src/admin/lists/list-request.ts'
import type { Bench } from './main.ts'
import { countApiCalls } from './support/browser.ts'
import { query } from './support/data-set.ts'
import { median, progress, quantile, report } from './support/figures.ts'
import { LIST, PEERS, type PeerName, SIZES, type Size, type Targets, startAll } from './support/list-peers.ts'
import { type Target, ask, rate, send, time } from './support/load.ts'
import { type Peer, memoryOf, processorTimeOf } from './support/processes.ts'
import { profileList } from './support/profile.ts'

const CLIENTS = 8
/** Of each turn; the first ones, with everything still cold from the other peers' turns, do not count. */
const REQUESTS_PER_TURN = 40
const UNCOUNTED = 10
const SECONDS_PER_RATE = 1.5
const WARM_UP_REQUESTS = 300
const DEEP_PAGE = 2000
const PER_PAGE = 25
const MANY_REQUESTS = 10_000

/** The list of 25 bookings with its references and its count: ours, the least that could answer it, and stock AdminJS. */
export default async function list(bench: Bench): Promise<void> {
  if (bench.profile) return await profileList(bench)
  const { ours, targets } = await startAll(bench)
  progress('warming up …')
  for (const size of SIZES) for (const name of PEERS) await send(targets[name][size], CLIENTS, WARM_UP_REQUESTS)
  await reportSizes(targets.ours.largest, ours)
  await reportTimes(targets, bench.rounds)
  await reportRates(targets, bench.rounds)
  await reportDeepPage(bench, targets.ours.largest)
  await reportProcess(ours, targets.ours.largest)
}

type PerTarget<T> = Record<PeerName, Record<Size, T>>

/** Asks the peers in turn, round after round, so that whatever else the machine does slows all of them. */
async function inTurn<T>(targets: Targets, rounds: number, measure: (target: Target) => Promise<T>) {
  const measured = Object.fromEntries(
    PEERS.map((name) => [name, { middling: [] as T[], largest: [] as T[] }]),
  ) as unknown as PerTarget<T[]>
  for (let round = 0; round < rounds; round++) {
    // nobody always comes after the same one
    const order = round % 2 === 0 ? PEERS : PEERS.toReversed()
    for (const size of SIZES) for (const name of order) measured[name][size].push(await measure(targets[name][size]))
  }
  return measured
}

async function timeTurn(target: Target): Promise<number[]> {
  await send(target, 1, UNCOUNTED)
  return await time(target, REQUESTS_PER_TURN)
}

async function reportTimes(targets: Targets, rounds: number): Promise<void> {
  progress(`one client: ${rounds} rounds of ${REQUESTS_PER_TURN} requests to each …`)
  const times = await inTurn(targets, rounds, timeTurn)
  const ratios = SIZES.map((size) => {
    const floor = median(times.floor[size].flat())
    for (const name of PEERS) {
      const all = times[name][size].flat()
      const value = median(all)
      const against = name === 'floor' ? {} : { ratio: value / floor, against: 'floor' }
      report({ name: `list.median_ms.${name}.${size}`, value, unit: 'ms', ...against })
      report({ name: `list.p95_ms.${name}.${size}`, value: quantile(all, 0.95), unit: 'ms' })
    }
    const ratio = median(times.ours[size].flat()) / floor
    report({ name: `list.vs_floor.${size}`, value: ratio, unit: '×', against: 'floor' })
    return ratio
  })
  report({ name: 'list.vs_floor', value: Math.max(...ratios), unit: '×', against: 'floor' })
}

async function reportRates(targets: Targets, rounds: number): Promise<void> {
  const turns = Math.ceil(rounds / 4)
  progress(`${CLIENTS} clients: ${turns} rounds of ${SECONDS_PER_RATE} s for each …`)
  const rates = await inTurn(targets, turns, (target) => rate(target, CLIENTS, SECONDS_PER_RATE))
  const ratios = SIZES.map((size) => {
    for (const name of PEERS)
      report({ name: `list.per_s.${name}.${size}`, value: median(rates[name][size]), unit: 'requests/s' })
    const ratio = median(rates.ours[size]) / median(rates.stock[size])
    report({ name: `list.vs_stock.${size}`, value: ratio, unit: '×', against: 'stock' })
    return ratio
  })
  report({ name: 'list.vs_stock', value: Math.min(...ratios), unit: '×', against: 'stock' })
}

/** Page 2,000 as a browser reaches it that has paged on: by the cursor of the page before. */
async function reportDeepPage({ dataSet, rounds }: Bench, first: Target): Promise<void> {
  const { orgId, bookings } = dataSet.schools.largest
  const page = Math.min(DEEP_PAGE, Math.floor(bookings / PER_PAGE))
  const [last] = (await query(
    dataSet.superuserUrl,
    `SELECT id, "startAt"::text AS value FROM "Booking" WHERE "orgId" = $1
      ORDER BY "startAt" DESC, id DESC OFFSET $2 LIMIT 1`,
    [orgId, (page - 1) * PER_PAGE - 1],
  )) as { id: string; value: string }[]
  const deep = { ...first, url: `${first.url}?page=${page}&cursor=${encodeCursor({ back: false, ...last! })}` }
  progress(`page ${page} against page 1 …`)
  const times: Record<'first' | 'deep', number[]> = { first: [], deep: [] }
  for (let round = 0; round < rounds; round++) {
    times.first.push(...(await timeTurn(first)))
    times.deep.push(...(await timeTurn(deep)))
  }
  const value = median(times.deep)
  report({ name: 'list.deep_page_ms', value, unit: 'ms' })
  report({ name: 'list.deep_page', value: value / median(times.first), unit: '×', against: 'page 1' })
}

async function reportSizes(target: Target, ours: Peer): Promise<void> {
  const answer = await ask(target)
  if (answer.headers['content-encoding'] !== 'gzip') throw new Error('the list is not compressed')
  report({ name: 'list.json_gzip_bytes', value: answer.body.length, unit: 'bytes' })
  report({ name: 'list.json_bytes', value: gunzipSync(answer.body).length, unit: 'bytes' })
  const url = `${ours.url}${LIST}`
  const html = await ask({ ...target, url })
  report({ name: 'list.html_gzip_bytes', value: html.body.length, unit: 'bytes' })
  report({ name: 'list.html_bytes', value: gunzipSync(html.body).length, unit: 'bytes' })
  const calls = await countApiCalls(url, target.headers.cookie!)
  report({ name: 'list.api_calls', value: calls, unit: 'requests' })
}

/** What our process holds, and spends on each request, in ten thousand of them. */
async function reportProcess(ours: Peer, target: Target): Promise<void> {
  progress(`${MANY_REQUESTS} requests …`)
  const memory = await memoryOf(ours)
  const time = await processorTimeOf(ours)
  await send(target, CLIENTS, MANY_REQUESTS)
  const spent = (await processorTimeOf(ours)) - time
  report({ name: 'list.cpu_ms', value: spent / MANY_REQUESTS, unit: 'ms' })
  const after = await memoryOf(ours)
  report({ name: 'list.rss_mb', value: after, unit: 'MB' })
  report({ name: 'list.rss_growth_mb', value: after - memory, unit: 'MB' })
}
