import { existsSync } from 'node:fs'
import { z } from 'zod'
import { job } from '../../src/core/jobs.ts'
import { untilTrue } from './program.ts'

/** Says that it has begun, waits for a file, and leaves a place behind. */
export const probe = job('test.probe', {
  data: z.object({ name: z.string(), waitFor: z.string().optional(), fails: z.boolean().optional() }),
  run: async (ctx, { name, waitFor, fails }, attempt) => {
    console.log(`${name} begun, attempt ${attempt.number}`)
    if (waitFor) await untilTrue(() => existsSync(waitFor), waitFor)
    if (fails && attempt.number < 2) throw new Error('not yet')
    await ctx.db.transaction(ctx, (tx) =>
      tx.location.create({
        data: { orgId: ctx.orgId, name: `${name} by ${ctx.role} in ${ctx.requestId}`, kind: 'office' },
      }),
    )
    console.log(`${name} ended`)
  },
})
