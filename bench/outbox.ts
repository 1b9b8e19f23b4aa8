import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../src/core/context.ts'
import { openDatabase } from '../src/core/db.ts'
import { emit } from '../src/core/events.ts'
import { relay } from '../src/core/outbox/relay.ts'
import { factsOf, openQueues } from '../src/core/queues.ts'
import type { UnitOfWork } from '../src/core/unit-of-work.ts'
import type { Bench } from './main.ts'
import { measureDrain } from './support/outbox-drain.ts'
import { measureNotify } from './support/outbox-enqueue.ts'
import { noting } from './support/outbox-note.ts'
import { makeOutboxSchool, type OutboxSchool } from './support/outbox-school.ts'
import { effectsOf, endWorker, startWorker } from './support/outbox-workers.ts'
import { median, progress, quantile, report } from './support/figures.ts'

const LATENCIES = 150
const RELAYED = 4_000
const FETCHES = 25

/**
 * From the commit of an event to the commit of what is done about it: what writing an event costs, how fast it is relayed
 * and done, in order and exactly once, beside plain pg-boss and a bare SKIP LOCKED queue, which promise neither.
 */
export default async function outbox({ lifecycle, dataSet, rounds }: Bench): Promise<void> {
  const school = await lifecycle.begin(
    'the school with events',
    () => makeOutboxSchool(dataSet),
    (made) => made.close(),
  )
  const db = await lifecycle.begin(
    'the connection',
    () => openDatabase(school.appUrl),
    (opened) => opened.close(),
  )
  const boss = await openQueues(db, {
    jobs: [factsOf(noting), { name: 'bench.plain' }],
    schedule: false,
    onError: (error) => progress(error.message),
  })
  const { orgId } = school
  const ctx: Context = { db, orgId, userId: null, role: null, actorKind: 'system', ip: null, requestId: 'bench' }
  const parts = { db, boss, handlers: [noting] }
  await measureEnqueue(ctx, school)
  await measureNotify(ctx, school)
  await measureLatency(ctx, school)
  await measureRelay(school, () => relayAll(parts))
  await measureDrain(school, {
    rounds: Math.min(rounds, 3),
    dataDir: dataSet.dataDir,
    relayAll: () => relayAll(parts),
  })
  await measureFetch(school, {
    relayAll: () => relayAll(parts),
    fetch: async () => void (await boss.fetch(noting.name, { batchSize: 20 })),
  })
  await boss.stop({ graceful: false })
}

async function relayAll(parts: Parameters<typeof relay>[0]): Promise<void> {
  while ((await relay(parts)) > 0);
}

/** A business transaction that changes one row, with and without telling of it, in turn. */
async function measureEnqueue(ctx: Context, school: OutboxSchool): Promise<void> {
  const [place] = await school.sql(
    `INSERT INTO "Location" ("orgId", name, kind) VALUES ($1, 'Bench', 'office') RETURNING id`,
    [ctx.orgId],
  )
  const id = String(place!.id)
  const change = async (work: UnitOfWork, version: number) =>
    void (await work.tx.location.updateMany({ where: { id }, data: { name: `Bench ${version}` } }))
  const times = { without: [] as number[], with: [] as number[] }
  for (let version = 1; version <= 300; version++) {
    times.without.push(await timed(() => ctx.db.transaction(ctx, (tx) => change({ ...ctx, tx }, version))))
    times.with.push(
      await timed(() =>
        ctx.db.transaction(ctx, async (tx) => {
          await change({ ...ctx, tx }, version)
          await tell({ ...ctx, tx }, id, version)
        }),
      ),
    )
  }
  const [without, withEvent] = [median(times.without), median(times.with)]
  report({ name: 'outbox.enqueue_ms', value: withEvent, unit: 'ms', ratio: withEvent / without, against: 'no event' })
  await school.clear()
}

const tell = (work: UnitOfWork, id: string, version: number): Promise<void> =>
  emit(work, {
    topic: 'booking.confirmed',
    of: 'Booking',
    id,
    version,
    payload: {
      bookingId: id,
      studentId: id,
      instructorId: id,
      status: 'confirmed',
      startAt: '2031-01-06T00:00:00Z',
      endAt: '2031-01-06T01:00:00Z',
    },
  })

/** From the answer to COMMIT to the handler's first line in another process, a few events a second. */
async function measureLatency(ctx: Context, school: OutboxSchool): Promise<void> {
  const worker = await startWorker('outbox', school)
  const committed = new Map<string, number>()
  for (let event = 0; event < LATENCIES; event++) {
    const id = crypto.randomUUID()
    await ctx.db.transaction(ctx, (tx) => tell({ ...ctx, tx }, id, 1))
    committed.set(id, performance.timeOrigin + performance.now())
    await pause(30)
  }
  await effectsOf(school, LATENCIES)
  const rows = await school.sql('SELECT aggregate, begun FROM effects ORDER BY n')
  await endWorker(worker)
  const latencies = rows
    .map(({ aggregate, begun }) => Number(begun) - committed.get(String(aggregate))!)
    // the first ones warm the worker up
    .slice(20)
  report({ name: 'outbox.latency_p50_ms', value: median(latencies), unit: 'ms' })
  report({ name: 'outbox.latency_p95_ms', value: quantile(latencies, 0.95), unit: 'ms' })
  await school.clear()
}

async function measureRelay(school: OutboxSchool, relayThem: () => Promise<void>): Promise<void> {
  const rates: number[] = []
  for (let round = 0; round < 3; round++) {
    await school.tell(RELAYED / 4, 4)
    rates.push(RELAYED / ((await timed(relayThem)) / 1000))
    await school.clear()
  }
  report({ name: 'outbox.relay', value: median(rates), unit: 'rows/s' })
}

interface Fetching {
  readonly relayAll: () => Promise<void>
  readonly fetch: () => Promise<void>
}

/** Taking twenty deliveries from the queue, with a thousand and with a hundred thousand that wait. */
async function measureFetch(school: OutboxSchool, { relayAll, fetch }: Fetching): Promise<void> {
  const medians: number[] = []
  for (const backlog of [1_000, 100_000]) {
    await school.tell(backlog, 1)
    await relayAll()
    await school.sql('VACUUM ANALYZE pgboss.job')
    const times: number[] = []
    for (let turn = 0; turn < FETCHES; turn++) times.push(await timed(fetch))
    progress(`fetch of 20 of ${backlog}: ${median(times).toFixed(2)} ms`)
    medians.push(median(times))
    await school.clear()
  }
  const [few, many] = medians as [number, number]
  report({ name: 'outbox.fetch_100k_vs_1k', value: many, unit: 'ms', ratio: many / few, against: 'a backlog of 1,000' })
}

async function timed(fn: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await fn()
  return performance.now() - begun
}
