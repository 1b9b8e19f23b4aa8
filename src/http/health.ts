import express from 'express'
import type { Database } from '../core/db.ts'

const ANSWER_WITHIN_MS = 3000

/** What `/readyz` looks at. */
export interface Readiness {
  db: Database
  /** Whether the worker started with this process is alive; absent when there is none. */
  workerSeen?: (() => boolean | Promise<boolean>) | undefined
}

/** `GET /healthz` (the process answers) and `GET /readyz` (it can do its work); they say nothing but that. */
export function healthRoutes({ db, workerSeen }: Readiness): express.Router {
  const router = express.Router({ caseSensitive: true })
  router.get('/healthz', (_req, res) => void res.json({ status: 'ok' }))
  router.get('/readyz', async (_req, res) => {
    const database = await succeeds(() => isMigrated(db))
    const worker = workerSeen && (await succeeds(async () => await workerSeen()))
    const ready = database && worker !== false
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', database, worker })
  })
  return router
}

async function isMigrated(db: Database): Promise<boolean> {
  // fails when a table is missing or the sign-in role may not read it
  await db.authQuery('SELECT FROM auth.session, "Org" LIMIT 0')
  return true
}

/** False also when there is no answer in time. */
async function succeeds(question: () => Promise<boolean>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(resolve, ANSWER_WITHIN_MS, false)
  const answer = question().catch(() => false)
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
