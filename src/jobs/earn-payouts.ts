import { handler } from '../core/handlers.ts'
import { earn } from '../domain/payouts/earn.ts'

/**
 * What a lesson earns follows its booking and its payment: whichever of them comes last brings the payout, and one that turns
 * out not to have been given takes it back.
 */
export default handler('payout.earn', {
  topics: [
    'booking.confirmed',
    'booking.in_progress',
    'booking.completed',
    'booking.cancelled',
    'booking.no_show',
    'payment.succeeded',
    'refund.approved',
    'refund.rejected',
  ],
  onDead: 'block',
  run: async (work, { payload: { bookingId } }) => {
    if (!bookingId) return 'no lesson'
    await earn(work, bookingId)
    return bookingId
  },
})
