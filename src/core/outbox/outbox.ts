import type { PgBoss } from 'pg-boss'
import type { Database } from '../db.ts'
import type { Handler } from '../handlers.ts'
import { resumePaused } from '../paused-jobs.ts'
import { openGraveyard } from './bury.ts'
import { openDesk } from './desk.ts'
import { type Relay, startRelay } from './relay.ts'
import { sweep } from './sweep.ts'

const SWEEP_EVERY_MS = 60_000
/** Batches of one handler at the same time in one process. */
const MOST_BATCHES = 2

interface Parts {
  readonly db: Database
  readonly boss: PgBoss
  readonly handlers: readonly Handler[]
  readonly concurrency: number
  readonly onError: (error: Error) => void
}

/** Delivers events to their handlers, from now on; the queues are ended with `boss`. */
export async function startOutbox({ db, boss, handlers, concurrency, onError }: Parts): Promise<Relay> {
  const settings = { concurrency: Math.min(concurrency, MOST_BATCHES), onError }
  for (const handler of handlers) {
    const desk = { db, boss, handler, handlers }
    await openDesk(desk, settings)
    await openGraveyard(desk)
  }
  const lookAfter = async (): Promise<void> => {
    await sweep({ db, boss, handlers })
    await resumePaused({ db, boss })
  }
  let sweeping: Promise<void> = Promise.resolve()
  const look = (): void => void (sweeping = sweeping.then(lookAfter).catch(onError))
  const relay = await startRelay({ db, boss, handlers, onLook: look, onError })
  const timer = setInterval(look, SWEEP_EVERY_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await relay.stop()
      await sweeping
    },
  }
}
