import { randomBytes } from 'node:crypto'
import type { Bench } from './main.ts'
import { query } from './support/data-set.ts'
import { median, progress, quantile, report } from './support/figures.ts'
import { type Endpoint, postAll, postSteadily } from './support/post-events.ts'
import { startPeer } from './support/processes.ts'

const PER_SECOND = 500
const SECONDS = 6
const CLIENTS = 16

/**
 * Events of Stripe, signed, a fifth of them for the second time: first 500 a second as they come, then as many as the
 * intake takes, each beside a bare Express handler that inserts what it gets. They take turns.
 */
export default async function webhooks(bench: Bench): Promise<void> {
  const { ours, floor } = await startBoth(bench)
  const rounds = Math.max(1, Math.round(bench.rounds / 4))
  try {
    for (const endpoint of [ours, floor]) await postAll(endpoint, CLIENTS, 2)
    const [paced, pacedFloor] = [await steadily(ours, rounds), await steadily(floor, rounds)]
    report({ name: 'webhooks.per_s', value: paced.perSecond, unit: 'requests/s' })
    report({ name: 'webhooks.p50_ms', value: quantile(paced.times, 0.5), unit: 'ms' })
    const [p99, floorP99] = [quantile(paced.times, 0.99), quantile(pacedFloor.times, 0.99)]
    const against = { ratio: p99 / floorP99, against: 'webhooks.floor_p99_ms' }
    report({ name: 'webhooks.p99_ms', value: p99, unit: 'ms', ...against })
    report({ name: 'webhooks.floor_p99_ms', value: floorP99, unit: 'ms' })
    await compare(ours, floor, rounds)
  } finally {
    await tidyUp(bench)
  }
}

async function startBoth({ lifecycle, dataSet }: Bench): Promise<Record<'ours' | 'floor', Endpoint>> {
  const secret = `whsec_${randomBytes(18).toString('hex')}`
  const web = await startPeer(lifecycle, {
    name: 'ours',
    script: ['src/main.ts', 'web'],
    env: {
      DATABASE_URL: dataSet.appUrl,
      DATA_DIR: dataSet.dataDir,
      SESSION_SECRET: randomBytes(32).toString('base64url'),
      STRIPE_SECRET_KEY: 'sk_test_bench',
      STRIPE_WEBHOOK_SECRET: secret,
      STRIPE_CONNECT_WEBHOOK_SECRET: secret,
      STRIPE_API_BASE: 'http://127.0.0.1:9',
    },
  })
  const env = { DATABASE_URL: dataSet.superuserUrl }
  const floor = await startPeer(lifecycle, { name: 'floor', script: ['bench/peers/webhook-floor.ts'], env })
  const endpoint = (url: string): Endpoint => ({ url: `${url}/webhooks/stripe`, secret })
  return { ours: endpoint(web.url), floor: endpoint(floor.url) }
}

async function steadily(endpoint: Endpoint, rounds: number): Promise<{ times: number[]; perSecond: number }> {
  const runs = []
  for (let round = 0; round < rounds; round++)
    runs.push(await postSteadily(endpoint, { perSecond: PER_SECOND, seconds: SECONDS }))
  return { times: runs.flatMap(({ times }) => times), perSecond: median(runs.map(({ perSecond }) => perSecond)) }
}

async function compare(ours: Endpoint, floor: Endpoint, rounds: number): Promise<void> {
  const rates: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] }
  for (let round = 0; round < rounds; round++) {
    rates.ours.push(await postAll(ours, CLIENTS, 3))
    rates.floor.push(await postAll(floor, CLIENTS, 3))
  }
  const [most, floorMost] = [median(rates.ours), median(rates.floor)]
  report({ name: 'webhooks.most_per_s', value: most, unit: 'requests/s' })
  report({ name: 'webhooks.vs_floor', value: most / floorMost, unit: '×', ratio: most / floorMost, against: 'floor' })
}

/** Nobody is to think about them. */
async function tidyUp({ dataSet }: Bench): Promise<void> {
  progress('removing the events …')
  await query(dataSet.superuserUrl, `DELETE FROM pgboss.job WHERE name = 'webhook.process'`)
  await query(dataSet.superuserUrl, `DELETE FROM "WebhookEvent" WHERE "eventId" LIKE 'evt_bench%'`)
}
