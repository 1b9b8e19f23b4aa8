import { type ConstructorOptions, PgBoss, type QueueOptions } from 'pg-boss'
import { type Database, DatabaseProblem } from './db.ts'
import { expireSecondsOf, type Handler, retryLimitOf } from './handlers.ts'

/** Where pg-boss keeps its tables. */
export const SCHEMA = 'pgboss'

/** A killed worker is noticed this long after its last sign of life, and its job handed to another. pg-boss allows no less. */
const HEARTBEAT_SECONDS = 10
const LOOK_FOR_THE_DEAD_SECONDS = 2
/** A worker says so often that it is there; three times without a word and it counts as gone. */
const SIGN_OF_LIFE_SECONDS = 10
const DAY_SECONDS = 86_400

const QUIET = {
  schema: SCHEMA,
  migrate: false,
  createSchema: false,
  schedule: false,
  // only the owner of the indexes could
  reindex: false,
  monitorVacuum: false,
  openTelemetry: { enabled: false },
} as const

/** What a queue needs to know of its job. */
interface Facts {
  readonly name: string
  readonly expireSeconds?: number
  readonly retryLimit?: number
  /** Told of jobs that died for good. */
  readonly died?: unknown
  /** A worker is told of each at once. */
  readonly prompt?: boolean | undefined
}

/** A handler's deliveries wait in a queue of its name. */
export const factsOf = (handler: Handler): Facts => ({
  name: handler.name,
  expireSeconds: expireSecondsOf(handler),
  retryLimit: retryLimitOf(handler),
  died: true,
  prompt: true,
})

/** Where a job goes when its last attempt has failed or was killed; pg-boss moves it there. */
export const deadQueueOf = (name: string): string => `${name}.died`

/** The sending side of a process: one for each database, which does no work and holds nobody up at the end. */
const senders = new WeakMap<Database, Promise<PgBoss>>()

/** Where jobs are sent to, once the queue of this one is there. */
export async function queueFor(db: Database, wanted: Facts): Promise<PgBoss> {
  let sender = senders.get(db)
  if (!sender) {
    sender = openSender(db)
    senders.set(db, sender)
    sender.catch(() => senders.delete(db))
  }
  const boss = await sender
  await provide(boss, wanted)
  return boss
}

/** Makes the queues of all jobs beforehand, so that the first job waits for no second connection inside its transaction. */
export async function prepareQueues(db: Database, jobs: readonly Facts[]): Promise<void> {
  for (const one of jobs) await queueFor(db, one)
}

/** The working side: takes jobs, hands on those of dead workers, and tidies up. */
export async function openQueues(
  db: Database,
  { jobs, schedule, onError }: { jobs: readonly Facts[]; schedule: boolean; onError: (error: Error) => void },
): Promise<PgBoss> {
  const boss = new PgBoss({
    ...QUIET,
    db: asWorker(db),
    schedule,
    useListenNotify: true,
    instanceHeartbeatSeconds: SIGN_OF_LIFE_SECONDS,
    superviseIntervalSeconds: LOOK_FOR_THE_DEAD_SECONDS,
    monitorIntervalSeconds: LOOK_FOR_THE_DEAD_SECONDS,
  })
  boss.on('error', onError)
  await started(boss)
  for (const one of jobs) {
    await provide(boss, one)
    await boss.updateQueue(one.name, settingsOf(one))
  }
  return boss
}

async function openSender(db: Database): Promise<PgBoss> {
  const clock = {
    now: Date.now,
    setTimeout: (run: () => void, ms: number) => setTimeout(run, ms).unref(),
    clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
    setInterval: (run: () => void, ms: number) => setInterval(run, ms).unref(),
    clearInterval: (timer: unknown) => clearInterval(timer as NodeJS.Timeout),
  }
  const boss = new PgBoss({
    ...QUIET,
    db: asWorker(db),
    clock,
    supervise: false,
    registerInstance: false,
    queueCacheIntervalSeconds: DAY_SECONDS,
  })
  // what goes wrong while sending is thrown to the sender
  boss.on('error', () => {})
  return await started(boss)
}

async function started(boss: PgBoss): Promise<PgBoss> {
  return await boss.start().catch((error: Error) => {
    if (!/^pg-boss (is not installed|database requires)/.test(error.message)) throw error
    throw new DatabaseProblem('The job queue of the database is not up to date. Run: npm run migrate')
  })
}

const provided = new WeakMap<PgBoss, Set<string>>()

async function provide(boss: PgBoss, wanted: Facts): Promise<void> {
  const known = provided.get(boss) ?? new Set()
  provided.set(boss, known)
  if (known.has(wanted.name)) return
  if (wanted.died) await provide(boss, { name: deadQueueOf(wanted.name) })
  if (!(await boss.getQueue(wanted.name))) await boss.createQueue(wanted.name, settingsOf(wanted))
  known.add(wanted.name)
}

const settingsOf = ({
  name,
  expireSeconds = 900,
  retryLimit = 3,
  died,
  prompt = false,
}: Facts): QueueOptions & { notify: boolean } => ({
  expireInSeconds: expireSeconds,
  retryLimit,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 60,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // a NOTIFY makes transactions that commit wait for each other: only where somebody waits
  notify: prompt,
  ...(died ? { deadLetter: deadQueueOf(name) } : {}),
})

/** pg-boss on our connections: each of its statements takes on the worker's role for itself alone. */
function asWorker(db: Database): NonNullable<ConstructorOptions['db']> {
  return {
    executeSql: async (text, values) => await db.workerQuery(text, values),
    listen: async (channel, onMessage, onReconnect) => await db.listen(channel, { onMessage, onReconnect }),
  }
}
