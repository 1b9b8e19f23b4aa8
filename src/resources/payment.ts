import { resource } from '../core/declaration.ts'

export default resource('Payment', {
  title: ['student.fullName', 'amountCents'],
  list: ['createdAt', 'student', 'amountCents', 'refundedCents', 'method', 'status', 'succeededAt'],
  labels: {
    succeededAt: 'Paid',
    gstCents: 'GST',
    processorFeeCents: 'Processing fee',
    stripePaymentIntentId: 'Stripe payment intent',
    stripeChargeId: 'Stripe charge',
    stripeRefundId: 'Stripe refund',
  },
  values: { status: { intent_created: 'Started', requires_action: 'Customer must confirm' } },
})
