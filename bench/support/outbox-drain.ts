import { median, progress, report } from './figures.ts'
import type { OutboxSchool } from './outbox-school.ts'
import { effectsOf, endWorker, startWorker } from './outbox-workers.ts'
import { processorTime } from './processor-time.ts'

const EVENTS = 6_000
/** Events of each record, where several wait in one line. */
const VERSIONS = 4

interface Drain {
  readonly rounds: number
  readonly dataDir: string
  readonly relayAll: () => Promise<void>
}

interface Peer {
  readonly workers: readonly string[]
  readonly fill: () => Promise<void>
  /** Whether its effects have to be in the order of the versions. */
  readonly ordered?: true
}

/** What a peer did with its events. */
interface Drained {
  /** Effects a second. */
  readonly rate: number
  /** Milliseconds of a processor for each effect: in the workers, in PostgreSQL. */
  readonly workers: number
  readonly server: number
}

/** The same number of effects, by each peer in turn. */
export async function measureDrain(school: OutboxSchool, { rounds, dataDir, relayAll }: Drain): Promise<void> {
  const told = (versions: number) => async () => {
    await school.tell(EVENTS / versions, versions)
    await relayAll()
  }
  const lines = { fill: told(VERSIONS), ordered: true } as const
  const peers: Record<string, Peer> = {
    'in lines': { workers: ['outbox'], ...lines },
    'in lines, two workers': { workers: ['outbox', 'outbox'], ...lines },
    'each alone': { workers: ['outbox'], fill: told(1), ordered: true },
    'pg-boss': { workers: ['pg-boss'], fill: () => fillPlain(school) },
    'pg-boss, two workers': { workers: ['pg-boss', 'pg-boss'], fill: () => fillPlain(school) },
    'SKIP LOCKED': { workers: ['SKIP LOCKED'], fill: () => fillRaw(school) },
    waiting: { workers: ['outbox waiting'], ...lines },
    'waiting, two workers': { workers: ['outbox waiting', 'outbox waiting'], ...lines },
  }
  const seen: Record<string, Drained[]> = {}
  for (let round = 0; round < rounds; round++) {
    for (const [name, peer] of Object.entries(peers)) {
      await peer.fill()
      // as autovacuum would within a minute
      await school.sql('ANALYZE')
      const drained = await drain(school, peer.workers, dataDir)
      if (peer.ordered) await refuseDisorder(school)
      await school.clear()
      ;(seen[name] ??= []).push(drained)
      const { rate, workers, server } = drained
      progress(
        `${name}: ${rate.toFixed(0)} a second, ${workers.toFixed(2)} + ${server.toFixed(2)} ms of processor each`,
      )
    }
  }
  reportDrains((name, of) => median(seen[name]!.map((drained) => drained[of])))
}

function reportDrains(figure: (peer: string, of: keyof Drained) => number): void {
  const compare = (name: string, peer: string, against: string) =>
    report({
      name,
      value: figure(peer, 'rate'),
      unit: 'rows/s',
      ratio: figure(peer, 'rate') / figure(against, 'rate'),
      against,
    })
  const cost = (peer: string) => figure(peer, 'workers') + figure(peer, 'server')
  compare('outbox.vs_pgboss', 'in lines', 'pg-boss')
  compare('outbox.alone_vs_pgboss', 'each alone', 'pg-boss')
  compare('outbox.vs_skip_locked', 'in lines', 'SKIP LOCKED')
  compare('outbox.two_workers', 'in lines, two workers', 'in lines')
  compare('outbox.two_workers_pgboss', 'pg-boss, two workers', 'pg-boss')
  compare('outbox.two_workers_waiting', 'waiting, two workers', 'waiting')
  for (const [name, peer] of [
    ['outbox.processor_ms', 'in lines'],
    ['outbox.alone_processor_ms', 'each alone'],
  ] as const)
    report({ name, value: cost(peer), unit: 'ms', ratio: cost(peer) / cost('pg-boss'), against: 'pg-boss' })
}

const fillPlain = async (school: OutboxSchool): Promise<void> =>
  void (await school.sql(
    `INSERT INTO pgboss.job (name, data, retry_limit, expire_seconds, heartbeat_seconds, keep_until)
     SELECT 'bench.plain', jsonb_build_object('aggregate', 'a' || g, 'version', 1), 3, 900, 10, now() + interval '14 days'
       FROM generate_series(1, $1::int) g`,
    [EVENTS],
  ))

const fillRaw = async (school: OutboxSchool): Promise<void> =>
  void (await school.sql(
    `INSERT INTO raw_queue (aggregate, version) SELECT 'a' || g, 1 FROM generate_series(1, $1::int) g`,
    [EVENTS],
  ))

/** Counted from the first quarter on: what one worker did before the other was there, or was warm, counts for nobody. */
async function drain(school: OutboxSchool, kinds: readonly string[], dataDir: string): Promise<Drained> {
  const workers = await Promise.all(kinds.map((kind) => startWorker(kind, school)))
  const pids = workers.map(({ pid }) => pid!)
  const before = await effectsOf(school, EVENTS / 4)
  const begun = processorTime(dataDir, pids)
  await effectsOf(school, EVENTS)
  const ended = processorTime(dataDir, pids)
  for (const worker of workers) await endWorker(worker)
  const [span] = await school.sql(
    `SELECT count(*)::int AS count, extract(epoch FROM max(at) - min(at))::float8 AS seconds FROM
       (SELECT at FROM effects ORDER BY n OFFSET $1) later`,
    [EVENTS / 4],
  )
  const each = (of: 'workers' | 'server') =>
    begun && ended ? ((ended[of] - begun[of]) * 1000) / (EVENTS - before) : Number.NaN
  return { rate: Number(span!.count) / Number(span!.seconds), workers: each('workers'), server: each('server') }
}

async function refuseDisorder(school: OutboxSchool): Promise<void> {
  const [found] = await school.sql(`SELECT count(*)::int AS wrong FROM (
    SELECT version, lag(version) OVER (PARTITION BY aggregate ORDER BY n) AS before FROM effects) e
    WHERE version <> coalesce(before, 0) + 1`)
  if (found!.wrong !== 0) throw new Error(`${String(found!.wrong)} effects are out of order or twice`)
}
