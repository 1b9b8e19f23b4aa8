import { fromPrisma, type PgBoss } from 'pg-boss'
import { z } from 'zod'
import type { Context } from './context.ts'
import type { Database } from './db.ts'
import { discover } from './discover.ts'
import type { Handler } from './handlers.ts'
import { startOutbox } from './outbox/outbox.ts'
import { isPaused } from './paused-jobs.ts'
import { deadQueueOf, factsOf, openQueues, queueFor } from './queues.ts'
import { DUE, type Schedule, startSchedules } from './schedules.ts'
import type { UnitOfWork } from './unit-of-work.ts'

/** One try at a job. */
export interface Attempt {
  /** 1 for the first. */
  readonly number: number
  /** There will be no other after this one. */
  readonly last: boolean
  /** Aborted when the worker may not wait for it any longer. */
  readonly signal: AbortSignal
}

/** Something that is done outside a person's request: its facts, and `run`. */
export interface Job<D extends z.ZodType = z.ZodType> {
  /** The same in the queue, the log and the metrics: `import.run`. */
  readonly name: string
  /** What is handed over; it is stored as JSON. */
  readonly data: D
  /** How long one attempt may take before another worker may begin again. Default: 15 minutes. */
  readonly expireSeconds?: number
  /** Attempts after a first one that failed or was killed. Default: 3. */
  readonly retryLimit?: number
  /**
   * Somebody waits for it: a worker is told of it at once, which costs every transaction that wants it some throughput.
   * Otherwise it is begun within a second.
   */
  readonly prompt?: boolean
  /** When it is done by itself; its data is then what `data` makes of `{}`. */
  readonly schedule?: Schedule
  /**
   * May be called again for the same data, also while a worker that was thought dead still runs: what it changes it
   * changes in transactions that tell whether they were there before.
   */
  run(ctx: Context, data: z.output<D>, attempt: Attempt): Promise<void>
  /**
   * Told when the last attempt has failed, or its worker was killed and could say nothing more: nobody tries again by
   * itself. May be called again.
   */
  died?(this: void, ctx: Context, data: z.output<D>): Promise<void>
}

/** Declares a job; a file of src/jobs exports it as its default. */
export function job<D extends z.ZodType>(name: string, facts: Omit<Job<D>, 'name'>): Job<D> {
  return { name, ...facts }
}

/** The jobs of src/jobs. */
export async function allJobs(): Promise<Job[]> {
  const found = await discover<Job | { run: never; data?: never }>('jobs')
  // handlers are found in the same folder
  return found.map(({ value }) => value).filter((value) => value.data !== undefined)
}

/** Who wanted it, for which school, in which request: the context is made from it again when the job runs. */
const envelope = z.object({
  // null: for no school in particular
  orgId: z.uuid().nullable(),
  userId: z.uuid().nullable(),
  role: z.string().nullable(),
  actorKind: z.string(),
  ip: z.string().nullable(),
  requestId: z.string(),
  data: z.unknown(),
})

/** What has to be known of a job to want it; what it does may be known to the worker alone. */
export type Wanted<D extends z.ZodType = z.ZodType> = Omit<Job<D>, 'run'>

/** What is put into the queue for something that comes from outside, before its school is known. */
export function schoolless<D extends z.ZodType>(wanted: Wanted<D>, data: z.input<D>, requestId: string): object {
  const nobody = { orgId: null, userId: null, role: null, actorKind: 'webhook', ip: null, requestId }
  return envelope.parse({ ...nobody, data: wanted.data.parse(data) })
}

/**
 * Hands `data` to a worker when the transaction `tx` commits; nothing happens when it rolls back.
 * @returns the id of the job in the queue
 */
export async function enqueue<D extends z.ZodType>(
  { tx, db, ...ctx }: UnitOfWork,
  wanted: Wanted<D>,
  data: z.input<D>,
): Promise<string> {
  const { orgId, userId, role, actorKind, ip, requestId } = ctx
  const message = { orgId, userId, role, actorKind, ip, requestId, data: wanted.data.parse(data) }
  const boss = await queueFor(db, wanted)
  const id = await boss.send(wanted.name, message, { db: fromPrisma(tx) })
  if (id === null) throw new Error(`the queue ${wanted.name} has not taken the job`)
  return id
}

export interface Working {
  /** Takes no new jobs, waits for those under way, and hands back what is not done after `patienceMs`. */
  stop(): Promise<void>
}

interface Worker {
  readonly jobs: readonly Job[]
  /** What it does about events; with none of them it takes no events either. */
  readonly handlers?: readonly Handler[]
  /** Whether it also begins what has a schedule. */
  readonly scheduled?: boolean
  /** Jobs of one name that are done at the same time. */
  readonly concurrency: number
  /** How long those under way may take after stop(). */
  readonly patienceMs: number
  /** Told of jobs that failed and of a queue that is held up. */
  readonly onError: (error: Error) => void
}

/** Does the jobs that are in the queue and those that come. */
export async function work(
  db: Database,
  { jobs, handlers = [], scheduled = false, concurrency, patienceMs, onError }: Worker,
): Promise<Working> {
  const planned = scheduled ? jobs.filter(hasSchedule) : []
  const due = planned.length > 0 ? [{ name: DUE }] : []
  const boss = await openQueues(db, {
    jobs: [...jobs, ...handlers.map(factsOf), ...due],
    schedule: planned.length > 0,
    onError,
  })
  for (const one of [...jobs, ...jobs.flatMap(mourner)]) await takeJobs(one, { db, boss, concurrency, onError })
  const outbox = handlers.length > 0 ? await startOutbox({ db, boss, handlers, concurrency, onError }) : undefined
  const schedules = planned.length > 0 ? await startSchedules({ db, boss, jobs: planned, onError }) : undefined
  return {
    stop: async () => {
      await schedules?.stop()
      await outbox?.stop()
      await boss.stop({ graceful: true, timeout: patienceMs })
    },
  }
}

/** How often the first taker of a queue looks by itself, and the others: those are woken by one that has found a job. */
const FIRST_LOOKS_SECONDS = 1
const OTHERS_LOOK_SECONDS = 5

interface Taking extends Pick<Worker, 'concurrency' | 'onError'> {
  readonly db: Database
  readonly boss: PgBoss
}

/** Does the jobs of one name, `concurrency` at the same time, as long as there are any. */
async function takeJobs(one: Job, { db, boss, concurrency, onError }: Taking): Promise<void> {
  const takers: string[] = []
  for (let taker = 0; taker < concurrency; taker++) {
    const seconds = taker === 0 ? FIRST_LOOKS_SECONDS : OTHERS_LOOK_SECONDS
    const options = {
      pollingIntervalSeconds: seconds,
      notifyPollingIntervalSeconds: seconds,
      includeMetadata: true,
    } as const
    takers[taker] = await boss.work(one.name, options, async ([taken]) => {
      if (!taken) return
      // others may wait behind it: for the next taker, and for this one when it is done
      for (const next of [taker, (taker + 1) % concurrency]) if (takers[next]) boss.notifyWorker(takers[next])
      await perform(db, one, taken).catch((error: unknown) => {
        onError(
          new Error(`The job ${one.name} ${taken.id} failed in attempt ${taken.retryCount + 1}`, { cause: error }),
        )
        throw error
      })
    })
  }
}

const hasSchedule = (one: Job): one is Job & { readonly schedule: Schedule } => one.schedule !== undefined

/** What hears of the jobs of one name that died for good. */
const mourner = ({ name, data, died }: Job): Job[] =>
  died ? [{ name: deadQueueOf(name), data, run: async (ctx, what) => await died(ctx, what) }] : []

/** With it nothing reaches a school's rows: see tenantSettings. */
const NO_SCHOOL = ''

interface Taken {
  readonly id: string
  readonly data: unknown
  readonly retryCount: number
  readonly retryLimit: number
  readonly signal: AbortSignal
}

async function perform(db: Database, wanted: Job, taken: Taken): Promise<void> {
  const { data, orgId, ...actor } = envelope.parse(taken.data)
  const { retryCount, retryLimit, signal } = taken
  if (orgId && (await isPaused(db, wanted.name, taken, orgId))) return
  const ctx = { db, ...actor, orgId: orgId ?? NO_SCHOOL } as Context
  await wanted.run(ctx, wanted.data.parse(data), {
    number: retryCount + 1,
    last: retryCount >= retryLimit,
    signal,
  })
}
