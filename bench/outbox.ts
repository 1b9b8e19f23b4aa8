import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { systemEnvironment } from '../src/config.ts'
import type { Context } from '../src/core/context.ts'
import { openDatabase } from '../src/core/db.ts'
import { emit } from '../src/core/events.ts'
import { relay } from '../src/core/outbox/relay.ts'
import { factsOf, openQueues } from '../src/core/queues.ts'
import { root } from '../src/core/root.ts'
import type { UnitOfWork } from '../src/core/unit-of-work.ts'
import type { Bench } from './main.ts'
import { makeOutboxSchool, type OutboxSchool } from './support/outbox-school.ts'
import { noting } from './support/outbox-note.ts'
import { median, progress, quantile, report } from './support/figures.ts'

const RECORDS = 1_000
const VERSIONS = 4
const EVENTS = RECORDS * VERSIONS
const LATENCIES = 150
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
  await measureLatency(ctx, school)
  await measureDrain(school, { rounds: Math.min(rounds, 3), relayAll: () => relayAll(parts) })
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
  const worker = await start('outbox', school)
  const committed = new Map<string, number>()
  for (let event = 0; event < LATENCIES; event++) {
    const id = crypto.randomUUID()
    await ctx.db.transaction(ctx, (tx) => tell({ ...ctx, tx }, id, 1))
    committed.set(id, performance.timeOrigin + performance.now())
    await pause(30)
  }
  await done(school, LATENCIES)
  const rows = await school.sql('SELECT aggregate, begun FROM effects ORDER BY n')
  await end(worker)
  const latencies = rows
    .map(({ aggregate, begun }) => Number(begun) - committed.get(String(aggregate))!)
    // the first ones warm the worker up
    .slice(20)
  report({ name: 'outbox.latency_p50_ms', value: median(latencies), unit: 'ms' })
  report({ name: 'outbox.latency_p95_ms', value: quantile(latencies, 0.95), unit: 'ms' })
  await school.clear()
}

interface Drain {
  readonly rounds: number
  readonly relayAll: () => Promise<void>
}

/** The same number of effects, by each peer in turn. */
async function measureDrain(school: OutboxSchool, { rounds, relayAll }: Drain): Promise<void> {
  const rates: Record<string, number[]> = {}
  const add = (name: string, rate: number) => {
    ;(rates[name] ??= []).push(rate)
    progress(`${name}: ${rate.toFixed(0)} a second`)
  }
  for (let round = 0; round < rounds; round++) {
    await school.tell(RECORDS, VERSIONS)
    add('relay', EVENTS / ((await timed(relayAll)) / 1000))
    add('ordered', await drain(school, ['outbox']))
    await refuseDisorder(school)
    await school.clear()
    await school.tell(RECORDS, VERSIONS)
    await relayAll()
    add('two workers', await drain(school, ['outbox', 'outbox']))
    await refuseDisorder(school)
    await school.clear()
    await fillPlain(school)
    add('pg-boss', await drain(school, ['pg-boss']))
    await school.clear()
    await school.sql(
      `INSERT INTO raw_queue (aggregate, version) SELECT 'a' || g, 1 FROM generate_series(1, $1::int) g`,
      [EVENTS],
    )
    add('SKIP LOCKED', await drain(school, ['SKIP LOCKED']))
    await school.clear()
  }
  const rate = (name: string) => median(rates[name]!)
  report({ name: 'outbox.relay', value: rate('relay'), unit: 'rows/s' })
  report({
    name: 'outbox.vs_pgboss',
    value: rate('ordered'),
    unit: 'rows/s',
    ratio: rate('ordered') / rate('pg-boss'),
    against: 'plain pg-boss',
  })
  report({
    name: 'outbox.vs_skip_locked',
    value: rate('ordered'),
    unit: 'rows/s',
    ratio: rate('ordered') / rate('SKIP LOCKED'),
    against: 'raw SKIP LOCKED',
  })
  report({
    name: 'outbox.two_workers',
    value: rate('two workers'),
    unit: 'rows/s',
    ratio: rate('two workers') / rate('ordered'),
    against: 'one worker',
  })
}

const fillPlain = (school: OutboxSchool) =>
  school.sql(
    `INSERT INTO pgboss.job (name, data, retry_limit, expire_seconds, heartbeat_seconds, keep_until)
     SELECT 'bench.plain', jsonb_build_object('aggregate', 'a' || g, 'version', 1), 3, 900, 10, now() + interval '14 days'
       FROM generate_series(1, $1::int) g`,
    [EVENTS],
  )

/** Effects a second, from the first to the last. */
async function drain(school: OutboxSchool, kinds: readonly string[]): Promise<number> {
  const workers = await Promise.all(kinds.map((kind) => start(kind, school)))
  await done(school, EVENTS)
  for (const worker of workers) await end(worker)
  // what one worker did before the other was there counts for nobody
  const [span] = await school.sql(
    `SELECT count(*)::int AS count, extract(epoch FROM max(at) - min(at))::float8 AS seconds FROM
       (SELECT at FROM effects ORDER BY n OFFSET $1) later`,
    [EVENTS / 4],
  )
  return Number(span!.count) / Number(span!.seconds)
}

async function refuseDisorder(school: OutboxSchool): Promise<void> {
  const [found] = await school.sql(`SELECT count(*)::int AS wrong FROM (
    SELECT version, lag(version) OVER (PARTITION BY aggregate ORDER BY n) AS before FROM effects) e
    WHERE version <> coalesce(before, 0) + 1`)
  if (found!.wrong !== 0) throw new Error(`${String(found!.wrong)} effects are out of order or twice`)
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

async function start(kind: string, { appUrl, orgId }: OutboxSchool): Promise<ChildProcess> {
  const child = fork(root('bench/peers/outbox-worker.ts'), [kind, appUrl, orgId], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...systemEnvironment(), NODE_ENV: 'production' },
  })
  await once(child, 'message')
  return child
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

const PATIENCE_MS = 300_000

async function done(school: OutboxSchool, effects: number): Promise<void> {
  const limit = Date.now() + PATIENCE_MS
  for (;;) {
    const [{ count } = { count: 0 }] = await school.sql('SELECT count(*)::int AS count FROM effects')
    if (Number(count) >= effects) return
    if (Date.now() > limit) throw new Error(`${String(count)} of ${effects} effects after five minutes`)
    await pause(50)
  }
}
