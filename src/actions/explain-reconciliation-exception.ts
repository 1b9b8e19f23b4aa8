import { action, z } from '../core/action.ts'
import { nowOf } from '../core/context.ts'
import { conflict } from '../core/errors.ts'

/** Says why there is a gap. The gap stays what it is: no money moves, and the books are not changed. */
export default action('reconciliation-exception.explain', {
  model: 'ReconciliationException',
  on: 'bulk',
  may: ['owner', 'finance'],
  label: 'Mark as explained',
  done: 'explained',
  icon: 'CheckCircle',
  form: z.object({
    explanation: z.string().trim().min(5).max(2_000).meta({ label: 'Why they differ', kind: 'longText' }),
  }),
  when: ({ status }) => {
    if (status === 'gone') return 'This gap has closed by itself.'
    return status === 'open' || 'This gap has been explained already.'
  },
  run: async (work, { record, input: { explanation } }) => {
    const { count } = await work.tx.reconciliationException.updateMany({
      where: { id: record.id, orgId: work.orgId, status: 'open' },
      data: { status: 'explained', explanation, explainedById: work.userId, explainedAt: nowOf(work) },
    })
    if (count === 0) throw conflict('Somebody was faster. Load the list again.')
  },
})
