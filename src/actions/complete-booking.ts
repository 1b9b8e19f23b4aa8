import { action, z } from '../core/action.ts'
import { completeLesson } from '../domain/bookings/complete-lesson.ts'
import { couldComplete } from '../domain/bookings/transitions.ts'

/** The lesson took place; also said of one that is over and that nobody started. */
export default action('booking.complete', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Complete lesson',
  done: 'completed',
  icon: 'CheckCircle',
  form: z.object({
    startedAt: z.date().optional().meta({
      label: 'Began',
      kind: 'datetime',
      help: 'Empty: when it was started, or as it was booked if nobody did',
    }),
    endedAt: z.date().optional().meta({
      label: 'Ended',
      kind: 'datetime',
      help: 'Empty: now, or as it was booked if nobody started it',
    }),
    rating: z.int().min(1).max(5).optional().meta({ label: 'Rating', help: '1 to 5' }),
    notes: z.string().trim().max(2000).optional().meta({ label: 'Notes', kind: 'longText' }),
  }),
  when: (booking, who) => couldComplete(who, booking),
  confirm: ({ title }) => `Complete ${title}?`,
  run: async (work, { record, input }) => void (await completeLesson(work, record.id, input)),
})
