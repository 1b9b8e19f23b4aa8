import { z } from 'zod'
import { job } from '../core/jobs.ts'
import { purgeExpired } from '../domain/privacy/retention.ts'

/** Takes out every night what the school keeps no longer. */
export default job('retention.purge', {
  data: z.object({}),
  schedule: { cron: '41 2 * * *', each: 'school' },
  run: async (ctx) => void (await purgeExpired(ctx)),
})
