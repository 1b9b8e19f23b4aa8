import { action } from '../core/action.ts'

export default action('student.restore', {
  model: 'Student',
  on: 'bulk',
  may: ['owner', 'admin', 'manager'],
  label: 'Restore',
  done: 'restored',
  icon: 'RotateCcw',
  when: ({ archivedAt, anonymisedAt, fullName }) => {
    if (archivedAt === null) return `${fullName} is not archived.`
    return anonymisedAt === null || 'This learner’s details were erased, so they cannot come back.'
  },
  run: async ({ tx }, { record: { id } }) => {
    await tx.student.updateMany({ where: { id }, data: { archivedAt: null } })
  },
})
