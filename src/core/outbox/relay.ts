import type { PgBoss } from 'pg-boss'
import type { Database } from '../db.ts'
import type { Handler } from '../handlers.ts'
import { type Line, promote, type Sender } from './lines.ts'

/** Where a commit with events says that they are there; see the trigger on Outbox. */
export const CHANNEL = 'driveflow_outbox'
/** What a person says there who has changed deliveries: lines may wait that nobody moves on. */
export const LOOK = 'look'
/** How often it looks by itself, for what it was not told of. */
const LOOK_EVERY_MS = 500
const MOST_EVENTS = 500

export interface Relay {
  stop(): Promise<void>
}

interface Parts {
  readonly db: Database
  readonly boss: PgBoss
  readonly handlers: readonly Handler[]
  /** Told when somebody has changed deliveries. */
  readonly onLook: () => void
  readonly onError: (error: Error) => void
}

/** Hands events to their handlers, from now on: as soon as they commit, whichever process is the first to take them. */
export async function startRelay(parts: Parts): Promise<Relay> {
  const state: { stopped: boolean; told: boolean; running?: Promise<void> | undefined } = {
    stopped: false,
    told: false,
  }
  const relayAll = async (): Promise<void> => {
    do {
      // what commits while it looks is told again
      state.told = false
      if ((await relay(parts)) === MOST_EVENTS) state.told = true
    } while (state.told && !state.stopped)
  }
  const wake = (): void => {
    state.told = true
    if (state.stopped) return
    state.running ??= relayAll()
      .catch(parts.onError)
      .finally(() => (state.running = undefined))
  }
  const hear = (said: string): void => (said === LOOK ? parts.onLook() : wake())
  const ears = await parts.db.listen(CHANNEL, { onMessage: hear, onReconnect: wake })
  const timer = setInterval(wake, LOOK_EVERY_MS)
  wake()
  return {
    stop: async () => {
      state.stopped = true
      clearInterval(timer)
      await ears.close()
      await state.running
    },
  }
}

/**
 * Takes the oldest events that nobody has taken, up to 500, makes a delivery for each of their handlers, and puts the first
 * of each line in the queue: together or not at all. A process that finds another one at it leaves it to that one.
 * @returns how many it took
 */
export async function relay({ db, boss, handlers }: Omit<Parts, 'onLook' | 'onError'>): Promise<number> {
  const pairs = handlers.flatMap(({ name, topics }) => topics.map((topic) => [topic, name] as const))
  return await db.asWorker(async (query) => {
    const sender: Sender = { executeSql: query }
    // in a statement of its own: the next one sees what the leader before it has committed
    const { rows: lead } = await query(LEAD)
    if (!(lead[0] as { leads: boolean }).leads) return 0
    const { rows } = await query(TAKE, [pairs.map(([topic]) => topic), pairs.map(([, name]) => name), MOST_EVENTS])
    const [taken] = rows as { events: number; lines: Line[] }[]
    await promote(sender, boss, { lines: taken!.lines, handlers })
    return taken!.events
  })
}

const LEAD = `SELECT pg_try_advisory_xact_lock(hashtext('driveflow relay')) AS leads`

// a watermark by number would lose what commits late: numbers are given before the commit
const TAKE = `WITH taken AS MATERIALIZED (
    SELECT id, "orgId", topic, "aggregateId", "aggregateVersion" FROM "Outbox"
     WHERE "relayedAt" IS NULL
       AND "orgId" NOT IN (SELECT id FROM "Org" WHERE status IN ('suspended', 'closed'))
     ORDER BY seq LIMIT $3),
  wanted AS MATERIALIZED (
    SELECT taken.*, handler FROM taken JOIN unnest($1::text[], $2::text[]) AS heard (topic, handler) USING (topic)),
  delivered AS (
    INSERT INTO "OutboxDelivery" ("orgId", "outboxId", handler, "aggregateId", "aggregateVersion")
    SELECT "orgId", id, handler, "aggregateId", "aggregateVersion" FROM wanted),
  relayed AS (
    UPDATE "Outbox" e SET "relayedAt" = clock_timestamp(),
           "processedAt" = CASE WHEN e.id NOT IN (SELECT id FROM wanted) THEN clock_timestamp() END
      FROM taken WHERE e.id = taken.id)
  SELECT (SELECT count(*)::int FROM taken) AS events,
    (SELECT coalesce(json_agg(DISTINCT jsonb_build_object('handler', handler, 'orgId', "orgId", 'aggregateId', "aggregateId")), '[]')
       FROM wanted) AS lines`
