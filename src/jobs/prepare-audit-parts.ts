import { z } from 'zod'
import { job } from '../core/jobs.ts'

/** Makes the parts of the audit log for the coming months, long before they are needed. */
export default job('audit.prepare-parts', {
  data: z.object({}),
  schedule: { cron: '19 3 * * *', each: 'once', catchUp: true },
  run: async ({ db }) => void (await db.workerQuery('SELECT audit.prepare_parts($1)', [3])),
})
