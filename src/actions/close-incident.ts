import { z } from 'zod'
import { action } from '../core/action.ts'
import { nowOf } from '../core/context.ts'

export default action('incident.close', {
  model: 'Incident',
  on: 'record',
  may: ['owner', 'admin', 'manager', 'compliance'],
  label: 'Close',
  done: 'closed',
  icon: 'CheckCircle',
  form: z.object({
    reason: z.string().trim().min(3).max(2000).meta({ label: 'What came of it', help: 'Kept in the audit log' }),
  }),
  when: ({ status }) => status !== 'closed' || 'This incident is closed already.',
  run: async (work, { record: { id } }) => {
    await work.tx.incident.updateMany({ where: { id }, data: { status: 'closed', closedAt: nowOf(work) } })
  },
})
