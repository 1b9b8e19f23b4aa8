import type { Database } from '../../core/db.ts'

const BATCH = 5_000

/** Seals what was written since the last time, in all schools. @returns how many rows */
export async function sealAudit(db: Database): Promise<number> {
  let total = 0
  for (;;) {
    const { rows } = await db.workerQuery('SELECT audit.seal($1) AS sealed', [BATCH])
    const { sealed } = rows[0] as { sealed: number }
    total += sealed
    if (sealed < BATCH) return total
  }
}
