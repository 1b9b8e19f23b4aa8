import type { Database } from '../db.ts'

/** Events that are over leave the tables of the outbox after so long. */
const KEPT_DAYS = 90
const DAY_MS = 86_400_000
const AT_ONCE = 1_000

/** Moves what happened more than 90 days ago into the archive, unless something of it is open. @returns how many events */
export async function archiveEvents(db: Database, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEPT_DAYS * DAY_MS)
  for (let moved = 0; ;) {
    const { rows } = await db.workerQuery('SELECT outbox.archive($1, $2) AS count', [before, AT_ONCE])
    const [{ count }] = rows as [{ count: number }]
    moved += count
    if (count === 0) return moved
  }
}
