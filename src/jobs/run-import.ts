import { importStep } from '../admin/transfer/import-step.ts'
import { giveUp } from '../admin/transfer/import-store.ts'
import { runImport } from '../admin/transfer/run-import.ts'
import { planOfImport } from '../admin/transfer/worker-plan.ts'
import { job } from '../core/jobs.ts'

export default job('import.run', {
  data: importStep,
  prompt: true,
  expireSeconds: 3_600,
  retryLimit: 5,
  run: async (ctx, { importId, generation }, attempt) => {
    const where = { id: importId, orgId: ctx.orgId, generation }
    const found = await ctx.db.read(ctx, (client) => client.dataImport.findFirst({ where }))
    // a later step was begun, or it is done
    if (found?.status !== 'checking' && found?.status !== 'running') return
    await runImport(ctx, found, { planOf: () => planOfImport(ctx, found), attempt })
  },
  died: giveUp,
})
