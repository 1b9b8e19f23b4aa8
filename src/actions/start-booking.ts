import { action } from '../core/action.ts'
import { startLesson } from '../domain/bookings/start-lesson.ts'
import { standsFor } from '../domain/bookings/transitions.ts'

export default action('booking.start', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Start lesson',
  done: 'in progress',
  icon: 'Play',
  when: (booking, who) => standsFor(who, booking, 'in_progress'),
  run: async (work, { record }) => void (await startLesson(work, record.id)),
})
