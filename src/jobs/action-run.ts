import { z } from 'zod'
import { loadCatalogue } from '../admin/actions/catalogue.ts'
import { giveUp, runQueued } from '../admin/actions/queue.ts'
import { job } from '../core/jobs.ts'

/** Does a run of an action that takes long. */
export default job('action.run', {
  data: z.object({ runId: z.uuid() }),
  prompt: true,
  run: async (ctx, { runId }, attempt) => await runQueued(ctx, await loadCatalogue(), { runId, attempt }),
  died: async (ctx, { runId }) => await giveUp(ctx, runId),
})
