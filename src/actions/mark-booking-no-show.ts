import { action, z } from '../core/action.ts'
import { markNoShow } from '../domain/bookings/mark-no-show.ts'
import { standsFor } from '../domain/bookings/transitions.ts'

/** The learner did not come; it can be taken back for a day. */
export default action('booking.mark-no-show', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'No-show',
  done: 'marked as a no-show',
  icon: 'UserX',
  danger: true,
  form: z.object({ reason: z.string().trim().max(500).optional().meta({ label: 'What happened' }) }),
  when: (booking, who) => standsFor(who, booking, 'no_show'),
  confirm: ({ title }) => `Mark ${title} as a no-show?`,
  run: async (work, { record, input }) => void (await markNoShow(work, record.id, input.reason)),
})
