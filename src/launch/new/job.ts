import type { Plan } from '../new.ts'
import { dotted, fileName } from './names.ts'

/** A job that is handed nothing yet. */
export function newJob([name = '']: readonly string[]): Plan {
  const [about, verb] = dotted(name, 'reminder.send')
  const path = `src/jobs/${fileName(about)}-${fileName(verb)}.ts`
  const text = `import { z } from 'zod'
import { job } from '../core/jobs.ts'

/** May run again for the same data: what it changes, it changes so that a second time makes no difference. */
export default job('${name}', {
  data: z.object({}),
  run: async (ctx) => {
    await ctx.db.transaction(ctx, async () => {})
  },
})
`
  return {
    files: { [path]: text },
    next: ['Then: enqueue({ ...ctx, tx }, job, {}) where it is wanted, and npm run check.'],
  }
}
