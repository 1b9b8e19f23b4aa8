import { action, z } from '../core/action.ts'
import { completeLesson } from '../domain/bookings/complete-lesson.ts'
import { standsFor } from '../domain/bookings/transitions.ts'

/** The lesson took place. */
export default action('booking.complete', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Complete lesson',
  done: 'completed',
  icon: 'CheckCircle',
  form: z.object({
    endedAt: z.date().optional().meta({ label: 'Ended', kind: 'datetime', help: 'Empty: now' }),
    rating: z.int().min(1).max(5).optional().meta({ label: 'Rating', help: '1 to 5' }),
    notes: z.string().trim().max(2000).optional().meta({ label: 'Notes', kind: 'longText' }),
  }),
  when: (booking, who) => standsFor(who, booking, 'completed'),
  confirm: ({ title }) => `Complete ${title}?`,
  run: async (work, { record, input }) => void (await completeLesson(work, record.id, input)),
})
