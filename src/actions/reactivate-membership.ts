import { action } from '../core/action.ts'

export default action('membership.reactivate', {
  model: 'UserOrg',
  on: 'record',
  may: ['owner'],
  label: 'Reactivate',
  done: 'active again',
  icon: 'UserCheck',
  when: ({ status }) => status === 'suspended' || 'Only a suspended membership can be reactivated.',
  run: async ({ tx }, { record: { id } }) => {
    await tx.userOrg.updateMany({ where: { id }, data: { status: 'active' } })
  },
})
