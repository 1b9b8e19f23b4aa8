import { action } from '../core/action.ts'
import { notFound } from '../core/errors.ts'
import { issueToken } from '../domain/lessons/issue-token.ts'

/** For the device in the car: with the token it sends its positions, while the lesson runs and the learner agrees. */
export default action('booking.issue-gps-token', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'GPS token',
  icon: 'Navigation',
  when: ({ status }) => status === 'in_progress' || 'Positions are recorded while the lesson runs only.',
  confirm: ({ title }) => `Issue a GPS token for ${title}? A token that was issued before ends.`,
  run: async (work, { record: { id } }) => {
    const lesson = await work.tx.lesson.findFirst({ where: { bookingId: id, orgId: work.orgId }, select: { id: true } })
    if (!lesson) throw notFound('This lesson has no record of its start.')
    const token = await issueToken(work, lesson.id)
    return {
      message: 'The token is issued. It ends with the lesson.',
      secret: {
        label: 'Token',
        value: token,
        help: `The device sends positions to /api/lessons/${lesson.id}/points with this token. It is shown this once; a new one replaces it.`,
      },
    }
  },
})
