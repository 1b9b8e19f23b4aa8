import type { Context } from '../../core/context.ts'
import { type Execution, MOST_ATTEMPTS, executeTransition } from './execute-transition.ts'

/**
 * Does what is due in a school, the longest due first; what has failed before waits behind the rest, so that one that
 * cannot be done holds up nobody. Each is a transaction of its own.
 * @returns how many there were of each outcome; fewer than `limit` in all when nothing is left for now
 */
export async function executeDue(ctx: Context, now: Date, limit: number): Promise<Record<Execution, number>> {
  const at: Context = { ...ctx, now }
  const due = await ctx.db.read(at, (client) =>
    client.scheduledStateTransition.findMany({
      where: { orgId: ctx.orgId, processedAt: null, executeAt: { lte: now }, attempts: { lt: MOST_ATTEMPTS } },
      orderBy: [{ attempts: 'asc' }, { executeAt: 'asc' }, { id: 'asc' }],
      take: limit,
      select: { id: true },
    }),
  )
  const outcomes: Record<Execution, number> = { done: 0, superseded: 0, taken: 0, failed: 0 }
  for (const { id } of due) outcomes[await executeTransition(at, id)]++
  return outcomes
}
