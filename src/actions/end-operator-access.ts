import { nowOf } from '../core/context.ts'
import { action } from '../core/action.ts'

/** Whoever of the platform is inside is outside at their next click. */
export default action('operator-access.end', {
  model: 'OperatorAccess',
  on: 'record',
  may: ['owner', 'compliance'],
  label: 'End now',
  done: 'over',
  icon: 'LogOut',
  danger: true,
  when: ({ endedAt, endsAt }) => (endedAt === null && endsAt > new Date()) || 'This access is over already.',
  confirm: ({ title }) => `End the access of ${title} now?`,
  run: async (work, { record: { id } }) => {
    await work.tx.operatorAccess.updateMany({
      where: { id, orgId: work.orgId },
      data: { endedAt: nowOf(work), endedById: work.userId },
    })
  },
})
