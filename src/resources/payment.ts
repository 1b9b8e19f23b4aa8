import { resource } from '../core/declaration.ts'
import { isUnderWay } from '../domain/payments/payment.ts'

export default resource('Payment', {
  title: ['student.fullName', 'amountCents'],
  list: [
    'createdAt',
    'student',
    'amountCents',
    'gstCents',
    'refundedCents',
    'method',
    'status',
    'purpose',
    'succeededAt',
  ],
  sort: { by: 'createdAt', direction: 'desc' },
  filters: {
    range: ['createdAt', 'succeededAt', 'amountCents'],
    multi: ['status', 'method', 'purpose'],
    null: ['succeededAt'],
    relation: ['student', 'booking'],
    search: ['student.fullName'],
  },
  scopes: {
    'On the way': { where: { status: ['intent_created', 'requires_action', 'processing'] }, count: true },
    Failed: { where: { status: 'failed' }, count: true },
    Refunded: { where: { status: ['partially_refunded', 'refunded'] }, count: true },
    Cash: { where: { method: 'cash' }, count: true },
  },
  findable: true,
  fields: {
    stripePaymentIntentId: { mask: ['manager'] },
    stripeChargeId: { mask: ['manager'] },
    // whoever has it can pay, and see what for
    payToken: { read: ['owner', 'admin', 'manager'] },
  },
  labels: {
    succeededAt: 'Paid',
    gstCents: 'GST',
    processorFeeCents: 'Processing fee',
    stripePaymentIntentId: 'Stripe payment intent',
    stripeChargeId: 'Stripe charge',
    stripeRefundId: 'Stripe refund',
    payToken: 'Key of the pay page',
  },
  values: { status: { intent_created: 'Started', requires_action: 'Customer must confirm' } },
  tabs: {
    Payment: ['student', 'booking', 'purpose', 'method', 'status', 'amountCents', 'refundedCents', 'succeededAt'],
    Split: ['platformFeeCents', 'instructorShareCents', 'gstCents', 'processorFeeCents'],
    Stripe: ['stripePaymentIntentId', 'stripeChargeId', 'stripeRefundId', 'failureCode', 'payToken'],
  },
  related: {
    refunds: { list: ['createdAt', 'amountCents', 'method', 'reasonCode', 'status'] },
    disputes: { list: ['openedAt', 'reason', 'amountCents', 'status', 'evidenceDueBy'] },
    payouts: { list: ['availableAt', 'instructor', 'amountCents', 'status', 'paidAt'] },
  },
  links: {
    'Page to pay': ({ payToken, status }) => (payToken && isUnderWay({ status }) ? `/pay/${payToken}` : null),
    // what was simulated is not at Stripe
    'Payment at Stripe': ({ stripePaymentIntentId: id }) =>
      id && !/^pi_(sim|demo_)/.test(id) ? `https://dashboard.stripe.com/payments/${id}` : null,
  },
})
