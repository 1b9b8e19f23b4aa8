import { z } from 'zod'
import { loadCatalogue } from '../admin/action-catalogue.ts'
import { runQueued } from '../admin/action-queue.ts'
import { job } from '../core/jobs.ts'

/** Does a run of an action that takes long. */
export default job('action.run', {
  data: z.object({ runId: z.uuid() }),
  run: async (ctx, { runId }, attempt) => await runQueued(ctx, await loadCatalogue(), { runId, attempt }),
})
