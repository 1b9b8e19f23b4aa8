import { action, z } from '../core/action.ts'
import { onBehalfOf } from '../core/vocabulary.ts'
import { cancelBooking } from '../domain/bookings/cancel-booking.ts'
import { describeCancellation } from '../domain/bookings/describe-cancellation.ts'
import { standsFor } from '../domain/bookings/transitions.ts'

/** Calls a lesson off; the policy of its notice says what is given back. */
export default action('booking.cancel', {
  model: 'Booking',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Cancel lesson',
  icon: 'XCircle',
  danger: true,
  form: z.object({
    cancelledAs: z
      .enum(['student', 'parent', 'instructor', 'admin'])
      .meta({ label: 'Who cancels', values: onBehalfOf }),
    reason: z.string().trim().min(3).max(500).meta({ label: 'Reason' }),
    refundPercentage: z.int().min(0).max(100).optional().meta({
      label: 'Refund in percent',
      help: 'Only when the school cancels; otherwise the cancellation policy decides.',
    }),
  }),
  when: (booking, who) => standsFor(who, booking, 'cancelled'),
  confirm: ({ title }) => `Cancel ${title}?`,
  run: async (work, { record, input }) => {
    const cancelled = await cancelBooking(work, record.id, input)
    return `The lesson is cancelled. ${await describeCancellation(work, cancelled)}`
  },
})
