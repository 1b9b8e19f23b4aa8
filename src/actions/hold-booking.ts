import { action } from '../core/action.ts'
import { holdBooking } from '../domain/bookings/hold-booking.ts'
import { standsFor } from '../domain/bookings/transitions.ts'

/** Keeps the slot until it is paid, for as long as the school waits. */
export default action('booking.hold', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Hold until paid',
  done: 'held',
  icon: 'Clock',
  when: (booking, who) => standsFor(who, booking, 'pending_payment'),
  run: async (work, { record }) => void (await holdBooking(work, record.id)),
})
