// Started by bench/outbox.ts: one worker of one kind, on the database and for the school that it is told.
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Context } from '../../src/core/context.ts'
import { type Database, openDatabase } from '../../src/core/db.ts'
import { handler } from '../../src/core/handlers.ts'
import { work } from '../../src/core/jobs.ts'
import { openQueues } from '../../src/core/queues.ts'
import { note, noting } from '../support/outbox-note.ts'

/** What all of them do alike: two batches of twenty at a time. */
const BATCHES = 2
const BATCH = 20
const TUNED = {
  batchSize: BATCH,
  localConcurrency: BATCHES,
  burstWhenBatchFull: true,
  perJobResults: true,
  pollingIntervalSeconds: 0.5,
  notifyPollingIntervalSeconds: 1,
} as const

const kinds: Record<string, (url: string, ctx: Context) => Promise<void>> = {
  outbox: async (_url, { db }) => {
    await work(db, { jobs: [], handlers: [noting], concurrency: BATCHES, patienceMs: 1_000, onError: console.error })
  },
  // as with a database that is not on the same machine, or reads that take their time
  'outbox waiting': async (_url, { db }) => {
    const waiting = handler(noting.name, {
      ...noting,
      run: async (work, event) => {
        await pause(5)
        await noting.run(work, event)
      },
    })
    await work(db, { jobs: [], handlers: [waiting], concurrency: BATCHES, patienceMs: 1_000, onError: console.error })
  },
  'pg-boss': async (_url, ctx) => {
    const queue = { name: 'bench.plain' }
    const boss = await openQueues(ctx.db, { jobs: [queue], schedule: false, onError: console.error })
    await boss.work<{ aggregate: string; version: number }>(queue.name, TUNED, async (jobs) => {
      await ctx.db.transaction(ctx, async (tx) => {
        for (const { data } of jobs) await note({ tx }, data.aggregate, data.version)
      })
      return jobs.map(({ id }) => ({ id, status: 'completed' as const }))
    })
  },
  'SKIP LOCKED': async (url) => {
    for (let loop = 0; loop < BATCHES; loop++) void takeForever(url)
  },
}

async function takeForever(url: string): Promise<never> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (;;) {
    await client.query('BEGIN')
    const { rows } = await client.query<{ aggregate: string; version: number }>(
      `DELETE FROM raw_queue WHERE n IN (SELECT n FROM raw_queue ORDER BY n LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
       RETURNING aggregate, version`,
    )
    for (const { aggregate, version } of rows)
      await client.query('INSERT INTO effects (aggregate, version, begun) VALUES ($1, $2, 0)', [aggregate, version])
    await client.query('COMMIT')
    if (rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const [kind = '', url = '', orgId = ''] = process.argv.slice(2)
const db: Database = await openDatabase(url)
const nobody = { userId: null, role: null, actorKind: 'system', ip: null, requestId: 'bench' } as const
await kinds[kind]!(url, { db, orgId, ...nobody })
process.send?.('working')
