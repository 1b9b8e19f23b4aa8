import { z } from 'zod'
import { fromDatabase } from '../core/errors.ts'
import { job } from '../core/jobs.ts'
import { people } from '../core/personal-data.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { type Subject, anonymise } from '../domain/privacy/anonymise.ts'

/** As long as the log of years may take. */
const LONGEST_MS = 10 * 60_000

/** What two people agreed to is done after their agreement is written down, which names the person as well. */
export default job('person.anonymise', {
  data: z.object({ model: z.enum(people), id: z.uuid(), runKey: z.uuid() }),
  run: async (ctx, { runKey, ...subject }) => {
    const once = ctx.db.transaction(ctx, (tx) => anonymise({ ...ctx, tx }, subject, runKey), LONGEST_MS)
    await once.catch(async (error: unknown) => {
      const refusal = fromDatabase(error)
      // something of theirs was begun since the two agreed: they ask again once it is over
      if (refusal?.kind !== 'Conflict') throw error
      await ctx.db.transaction(ctx, (tx) => recordRefusal({ ...ctx, tx }, subject, refusal.message))
    })
  },
})

async function recordRefusal({ orgId, userId, ip, requestId, tx }: UnitOfWork, { model, id }: Subject, why: string) {
  await tx.$executeRawUnsafe(
    `SELECT audit_event($1::uuid, $2::uuid, 'person.anonymiseRefused', $3, $4, $5, $6, $7)`,
    orgId,
    userId,
    ip,
    requestId,
    model,
    id,
    why,
  )
}
