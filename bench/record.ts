import { gunzipSync } from 'node:zlib'
import type { Bench } from './main.ts'
import { type MeasuredSchool, query } from './support/data-set.ts'
import { median, progress, quantile, report } from './support/figures.ts'
import { startOurs } from './support/list-peers.ts'
import { type Target, ask, send, time } from './support/load.ts'
import { startPeer } from './support/processes.ts'

const PEERS = ['ours', 'floor'] as const
const WAYS = ['show', 'edit'] as const
type Targets = Record<(typeof PEERS)[number], Record<(typeof WAYS)[number], Target>>

const REQUESTS_PER_TURN = 40
const UNCOUNTED = 10
const WARM_UP_REQUESTS = 300

/** One booking of the largest school: its record, and saving its notes with the audit row. Ours and the least that could. */
export default async function record(bench: Bench): Promise<void> {
  const targets = await startBoth(bench)
  progress('warming up …')
  for (const way of WAYS) for (const name of PEERS) await send(targets[name][way], 1, WARM_UP_REQUESTS)
  progress(`one client: ${bench.rounds} rounds of ${REQUESTS_PER_TURN} requests to each …`)
  for (const way of WAYS) {
    const times = { ours: [] as number[], floor: [] as number[] }
    for (let round = 0; round < bench.rounds; round++)
      for (const name of round % 2 === 0 ? PEERS : PEERS.toReversed()) {
        await send(targets[name][way], 1, UNCOUNTED)
        times[name].push(...(await time(targets[name][way], REQUESTS_PER_TURN)))
      }
    for (const name of PEERS) {
      report({ name: `record.${way}.median_ms.${name}`, value: median(times[name]), unit: 'ms' })
      report({ name: `record.${way}.p95_ms.${name}`, value: quantile(times[name], 0.95), unit: 'ms' })
    }
    const value = median(times.ours) / median(times.floor)
    report({ name: `record.${way}.vs_floor`, value, unit: '×', against: 'floor' })
  }
}

/** @throws Error unless both answer with the same booking, and both write it with an audit row */
async function startBoth(bench: Bench): Promise<Targets> {
  const { dataSet, lifecycle } = bench
  const school = dataSet.schools.largest
  const { peer, targets } = await startOurs(bench)
  const { headers } = targets.largest
  const id = await someBooking(bench, school)
  const address = `${peer.url}/admin/api/resources/Booking/records/${id}`
  const shown = await recordOf({ url: `${address}/show`, headers })
  const floor = await startPeer(lifecycle, {
    name: 'record-floor',
    script: ['bench/peers/record-floor.ts'],
    env: { DATABASE_URL: dataSet.superuserUrl, COLUMNS: columnsOf(shown).join(',') },
  })
  const bare = `${floor.url}/bookings/${id}?orgId=${school.orgId}`
  let saved = 0
  let said = String(shown.params.notes ?? '')
  const ourForm = () => {
    const was = said === '' ? '__FORM_VALUE_NULL__' : said
    said = `Measured ${++saved}`
    return new URLSearchParams({ notes: said, 'was.notes': was }).toString()
  }
  const bareForm = () => {
    said = `Measured ${++saved}`
    return new URLSearchParams({ notes: said }).toString()
  }
  const made: Targets = {
    ours: {
      show: { url: `${address}/show`, headers },
      edit: { url: `${address}/edit`, headers: { ...headers, 'sec-fetch-site': 'same-origin' }, form: ourForm },
    },
    floor: { show: { url: bare, headers: {} }, edit: { url: bare, headers: {}, form: bareForm } },
  }
  await compare(bench, made, id)
  return made
}

async function compare({ dataSet }: Bench, targets: Targets, id: string): Promise<void> {
  const [ours, floor] = await Promise.all([recordOf(targets.ours.show), recordOf(targets.floor.show)])
  if (JSON.stringify(sorted(ours.params)) !== JSON.stringify(sorted(floor.params)))
    throw new Error(`the peers do not answer with the same booking: ${JSON.stringify([ours, floor], null, 1)}`)
  const audited = async () => {
    const text = `SELECT count(*)::int AS n FROM "AuditLog" WHERE "entityId" = $1`
    return ((await query(dataSet.superuserUrl, text, [id])) as { n: number }[])[0]!.n
  }
  for (const name of PEERS) {
    const before = await audited()
    const { notice } = await jsonOf(targets[name].edit)
    if (notice?.type !== 'success' || (await audited()) !== before + 1)
      throw new Error(`${name} does not save with an audit row: ${JSON.stringify(notice)}`)
  }
}

async function someBooking({ dataSet }: Bench, { orgId }: MeasuredSchool): Promise<string> {
  const text = `SELECT id FROM "Booking" WHERE "orgId" = $1 AND status = 'confirmed' ORDER BY "startAt" DESC LIMIT 1`
  return ((await query(dataSet.superuserUrl, text, [orgId])) as { id: string }[])[0]!.id
}

interface RecordJson {
  readonly params: Readonly<Record<string, unknown>>
  readonly populated: Readonly<Record<string, unknown>>
}

const REFERENCES = new Set(['student', 'instructor', 'service', 'vehicle', 'location', 'rateCard', 'policy'])

const columnsOf = ({ params }: RecordJson): string[] =>
  Object.keys(params).map((name) => (REFERENCES.has(name) ? `${name}Id` : name))

const sorted = (values: RecordJson['params']) => Object.entries(values).toSorted(([a], [b]) => a.localeCompare(b))

async function jsonOf(target: Target): Promise<{ record: RecordJson; notice?: { type: string } }> {
  const { body, headers } = await ask(target)
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  return JSON.parse(text.toString('utf8')) as { record: RecordJson; notice?: { type: string } }
}

const recordOf = async (target: Target): Promise<RecordJson> => (await jsonOf(target)).record
