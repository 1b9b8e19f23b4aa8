import { resource } from '../core/declaration.ts'

export default resource('Refund', {
  title: ['payment.method', 'amountCents'],
  list: [
    'payment',
    'booking',
    'amountCents',
    'method',
    'reasonCode',
    'status',
    'requestedBy',
    'approvedBy',
    'createdAt',
  ],
  labels: { reasonCode: 'Reason', reason: 'Explanation', stripeRefundId: 'Stripe refund' },
})
