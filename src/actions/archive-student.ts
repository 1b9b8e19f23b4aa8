import { action } from '../core/action.ts'
import { nowOf } from '../core/context.ts'
import { conflict } from '../core/errors.ts'

/** Takes a learner out of everyday lists; nothing is erased, and they can be restored. */
export default action('student.archive', {
  model: 'Student',
  on: 'bulk',
  may: ['owner', 'admin', 'manager'],
  label: 'Archive',
  done: 'archived',
  icon: 'Archive',
  when: ({ archivedAt, fullName }) => archivedAt === null || `${fullName} is archived already.`,
  run: async (work, { record: { id, fullName } }) => {
    const ahead = await work.tx.booking.count({
      where: { studentId: id, endAt: { gt: nowOf(work) }, status: { notIn: ['cancelled', 'no_show', 'completed'] } },
    })
    if (ahead > 0)
      throw conflict(
        `${fullName} has ${ahead === 1 ? 'a lesson' : `${ahead} lessons`} to come. Cancel ${ahead === 1 ? 'it' : 'them'} first.`,
      )
    await work.tx.student.updateMany({ where: { id }, data: { archivedAt: nowOf(work) } })
  },
})
