import { z } from 'zod'
import { action } from '../core/action.ts'
import { nowOf } from '../core/context.ts'
import { fourEyes } from '../domain/four-eyes.ts'

/** Turns down what a colleague asked for: it will not happen. */
export default action('action-run.reject', {
  model: 'ActionRun',
  on: 'record',
  may: ['owner', 'admin', 'finance', 'compliance'],
  label: 'Reject',
  done: 'rejected',
  icon: 'XCircle',
  danger: true,
  form: z.object({ reason: z.string().trim().min(3).max(500).meta({ help: 'Shown to whoever asked' }) }),
  confirm: ({ title }) => `Reject “${title}”?`,
  when: fourEyes,
  run: async (work, { record: { id }, input: { reason } }) => {
    const at = nowOf(work)
    const data = { status: 'rejected', reason, approvedById: work.userId, decidedAt: at, finishedAt: at } as const
    await work.tx.actionRun.updateMany({ where: { id }, data })
  },
})
