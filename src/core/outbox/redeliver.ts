import { fromPrisma } from 'pg-boss'
import type { UnitOfWork } from '../unit-of-work.ts'
import { type Ended, sumUp } from './finish.ts'
import { CHANNEL, LOOK } from './relay.ts'

/** Has deliveries of the school that are over done once more, each in its place in the line. @returns how many */
export async function redeliver(work: UnitOfWork, ids: readonly string[]): Promise<number> {
  const { rows } = await fromPrisma(work.tx).executeSql(
    `UPDATE "OutboxDelivery" SET status = 'waiting', generation = generation + 1, attempts = 0, "finishedAt" = NULL,
            "updatedAt" = clock_timestamp()
      WHERE "orgId" = $1::uuid AND id = ANY ($2::uuid[]) AND status IN ('done', 'dead', 'skipped')
     RETURNING "outboxId"`,
    [work.orgId, ids],
  )
  await moveOn(work, rows as Ended[])
  return rows.length
}

/** Gives a delivery up for good, so that the later ones of its line go on. @returns whether it was one that had died */
export async function skip(work: UnitOfWork, id: string): Promise<boolean> {
  const { rows } = await fromPrisma(work.tx).executeSql(
    `UPDATE "OutboxDelivery" SET status = 'skipped', "finishedAt" = clock_timestamp(), "updatedAt" = clock_timestamp()
      WHERE "orgId" = $1::uuid AND id = $2::uuid AND status = 'dead'
     RETURNING "outboxId"`,
    [work.orgId, id],
  )
  await moveOn(work, rows as Ended[])
  return rows.length === 1
}

/** A worker hears of it when it commits: only workers know the handlers. */
async function moveOn({ tx }: UnitOfWork, moved: readonly Ended[]): Promise<void> {
  if (moved.length === 0) return
  await sumUp(fromPrisma(tx), moved)
  await tx.$queryRaw`SELECT pg_notify(${CHANNEL}, ${LOOK})::text`
}
