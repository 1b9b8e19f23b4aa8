import { z } from 'zod'
import { job } from '../core/jobs.ts'
import { archiveEvents } from '../core/outbox/archive.ts'

/** Moves events of more than 90 days ago into their archive: what workers and lists read stays small. */
export default job('outbox.archive', {
  data: z.object({}),
  schedule: { cron: '41 2 * * *', each: 'once', catchUp: true },
  expireSeconds: 3_600,
  run: async ({ db }) => void (await archiveEvents(db, new Date())),
})
