import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Context } from '../../src/core/context.ts'
import type { Database } from '../../src/core/db.ts'
import { readEvent } from '../../src/core/events.ts'
import { allHandlers, type Handler } from '../../src/core/handlers.ts'
import { allJobs, type Job } from '../../src/core/jobs.ts'
import type { TestDatabase } from '../support/database.ts'
import { ABOUT_MONEY } from './books.ts'

/** A worker that does as much as it is told to, in the order it is told to: what goes wrong can be gone through again. */
export interface Pump {
  /**
   * Takes the events that were told and the jobs that wait, at most so many; each twice when `again` says so, as if its
   * first worker had been thought dead.
   * @returns how many there were
   */
  run(wish: Wish): Promise<number>
  /** What jobs failed with, and what must be looked into. */
  readonly failures: Failure[]
  close(): Promise<void>
}

export interface Wish {
  readonly now: Date
  readonly most: number
  /** Which of so many is next. */
  readonly pick: (count: number) => number
  readonly again: () => boolean
}

export interface Failure {
  readonly job: string
  readonly error: unknown
}

interface Queued {
  readonly id: string
  readonly name: string
  readonly data: { readonly orgId: string | null; readonly data: unknown } & Omit<Context, 'db' | 'orgId'>
}

export async function openPump(test: TestDatabase, db: Database): Promise<Pump> {
  const isAboutMoney = ({ name }: { readonly name: string }) => new RegExp(ABOUT_MONEY).test(name)
  const jobs = new Map((await allJobs()).filter(isAboutMoney).map((job) => [job.name, job]))
  const handlers = (await allHandlers()).filter(isAboutMoney)
  const failures: Failure[] = []
  const client = new pg.Client({ connectionString: test.superuserUrl })
  await client.connect()
  const sql: Sql = async (text, values) => (await client.query(text, values)).rows as never
  return {
    failures,
    close: () => client.end(),
    run: async ({ now, most, pick, again }) => {
      await relay({ sql, db, handlers, now })
      const waiting = await sql<Queued>(WAITING, [now])
      let done = 0
      while (waiting.length > 0 && done < most) {
        const [queued] = waiting.splice(pick(waiting.length), 1)
        const job = jobs.get(queued!.name)
        if (!job) throw new Error(`nobody does ${queued!.name}`)
        const failed = await perform({ db, job, queued: queued!, now }, again())
        if (failed) failures.push({ job: `${queued!.name} ${JSON.stringify(queued!.data.data)}`, error: failed.error })
        await sql(failed ? FAILED : DONE, [queued!.id])
        done++
      }
      return done
    },
  }
}

type Sql = <T>(text: string, values?: unknown[]) => Promise<T[]>

const WAITING = `SELECT id, name, data FROM pgboss.job
  WHERE state IN ('created', 'retry') AND name ~ '${ABOUT_MONEY}' AND (state = 'retry' OR start_after <= greatest($1, now()))
  ORDER BY created_on, id`
const DONE = `UPDATE pgboss.job SET state = 'completed', completed_on = now() WHERE id = $1`
const FAILED = `UPDATE pgboss.job SET state = 'retry', retry_count = retry_count + 1 WHERE id = $1`

interface Performance {
  readonly db: Database
  readonly job: Job
  readonly queued: Queued
  readonly now: Date
}

async function perform({ db, job, queued, now }: Performance, again: boolean): Promise<{ error: unknown } | null> {
  const { data, orgId, ...actor } = queued.data
  const ctx: Context = { ...actor, db, orgId: orgId ?? '', now }
  const attempt = { number: 1, last: false, signal: new AbortController().signal }
  const once = async () => await job.run(ctx, job.data.parse(data), attempt)
  const ends = await Promise.allSettled(again ? [once(), once()] : [once()])
  const [failed] = ends.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
  return failed ? { error: failed.reason } : null
}

interface Told {
  readonly id: string
  readonly orgId: string
  readonly topic: string
  readonly actor: { userId?: string; role?: Context['role']; kind?: Context['actorKind'] } | null
}

/** Has the handlers hear of what happened, in its order. */
async function relay({ sql, db, handlers, now }: RelayParts): Promise<void> {
  const events = await sql<Told & Parameters<typeof readEvent>[0]>(
    `SELECT * FROM "Outbox" WHERE "relayedAt" IS NULL ORDER BY seq`,
  )
  for (const event of events) {
    const { userId = null, role = null, kind = 'system' } = event.actor ?? {}
    const ctx: Context = {
      db,
      orgId: event.orgId,
      userId,
      role,
      actorKind: kind,
      ip: null,
      requestId: randomUUID(),
      now,
    }
    for (const handler of handlers)
      if (handler.topics.some((topic) => topic === event.topic))
        await db.transaction(ctx, (tx) => handler.run({ ...ctx, tx }, readEvent(event)))
  }
  await sql(`UPDATE "Outbox" SET "relayedAt" = now(), "processedAt" = now() WHERE id = ANY ($1)`, [
    events.map(({ id }) => id),
  ])
}

interface RelayParts {
  readonly sql: Sql
  readonly db: Database
  readonly handlers: readonly Handler[]
  readonly now: Date
}
