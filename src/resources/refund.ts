import { resource } from '../core/declaration.ts'

export default resource('Refund', {
  title: ['payment.method', 'amountCents'],
  list: ['createdAt', 'booking', 'amountCents', 'method', 'reasonCode', 'status', 'requestedBy'],
  labels: { reasonCode: 'Reason', reason: 'Explanation', stripeRefundId: 'Stripe refund' },
})
