import { action, z } from '../core/action.ts'
import { reassignDay } from '../domain/bookings/reassign-day.ts'

/** Gives the lessons of a day to colleagues who are free; the others are named, to be moved or cancelled by hand. */
export default action('instructor.reassign-day', {
  model: 'Instructor',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Reassign a day',
  icon: 'Shuffle',
  form: z.object({
    day: z.iso.date().meta({ label: 'Day' }),
    reason: z.string().trim().min(3).max(500).meta({ label: 'Reason', help: 'For example: ill' }),
  }),
  confirm: ({ title }) => `Give ${title}'s lessons of this day to colleagues?`,
  run: async (work, { record, input }) => {
    const { moved, left } = await reassignDay(work, { instructorId: record.id, ...input })
    const named = left.map(({ title, why }) => `${title}: ${why}`).join(' ')
    const lessons = moved.length === 1 ? 'One lesson has' : `${moved.length} lessons have`
    return `${lessons} another instructor.${named ? ` Nobody could take: ${named}` : ''}`
  },
})
