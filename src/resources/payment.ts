import { resource } from '../core/declaration.ts'

export default resource('Payment', {
  title: ['student.fullName', 'amountCents'],
  list: ['student', 'booking', 'amountCents', 'refundedCents', 'method', 'status', 'succeededAt', 'createdAt'],
  labels: {
    succeededAt: 'Paid',
    gstCents: 'GST',
    processorFeeCents: 'Processing fee',
    stripePaymentIntentId: 'Stripe payment intent',
    stripeChargeId: 'Stripe charge',
    stripeRefundId: 'Stripe refund',
  },
})
