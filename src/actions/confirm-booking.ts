import { action } from '../core/action.ts'
import { confirmBooking } from '../domain/bookings/confirm-booking.ts'
import { standsFor } from '../domain/bookings/transitions.ts'

/** The lesson is agreed: paid by cash, bank or credit, or trusted to be. */
export default action('booking.confirm', {
  model: 'Booking',
  on: 'bulk',
  may: ['owner', 'admin', 'manager'],
  label: 'Confirm',
  done: 'confirmed',
  icon: 'CheckCircle',
  when: (booking, who) => standsFor(who, booking, 'confirmed'),
  run: async (work, { record }) => void (await confirmBooking(work, record.id)),
})
