import { resource } from '../core/declaration.ts'

export default resource('Refund', {
  title: ['payment.method', 'amountCents'],
  list: [
    'createdAt',
    'booking',
    'amountCents',
    'payment.method',
    'reasonCode',
    'status',
    'isOverride',
    'requestedBy',
    'approvedBy',
    'note',
  ],
  sort: { by: 'createdAt', direction: 'desc' },
  filters: {
    range: ['createdAt', 'amountCents'],
    multi: ['status'],
    flag: ['isOverride', 'isImported'],
    relation: ['payment', 'booking'],
  },
  scopes: {
    'To approve': { where: { status: 'pending_approval' }, count: true },
    'On the way': {
      where: { status: ['approved', 'submitting', 'unknown', 'pending', 'requires_action'] },
      count: true,
    },
    Failed: { where: { status: 'failed', isSeenTo: false }, count: true },
    'Made at Stripe': { where: { isImported: true }, count: true },
  },
  fields: {
    stripeRefundId: { mask: ['manager'] },
  },
  labels: {
    'payment.method': 'Paid by',
    reasonCode: 'Reason',
    reason: 'Explanation',
    note: 'To know',
    isImported: 'Made in the Stripe dashboard',
    isSeenTo: 'Seen to',
    isOverride: 'Beyond the policy',
    rejectedReason: 'Why rejected',
    givenBackBy: 'Given back by',
    settledAt: 'Given back',
    policySnapshot: 'Policy',
    stripeRefundId: 'Stripe refund',
  },
  values: {
    status: {
      submitting: 'Being sent to Stripe',
      unknown: 'No answer from Stripe yet',
      pending: 'On its way',
      requires_action: 'Customer must act',
      succeeded: 'Given back',
    },
    method: { original: 'The way it was paid', credit: 'As credit' },
  },
  tabs: {
    Refund: [
      'payment',
      'booking',
      'amountCents',
      'method',
      'status',
      'reasonCode',
      'reason',
      'note',
      'isSeenTo',
      'settledAt',
    ],
    Approval: [
      'requestedBy',
      'isOverride',
      'policySnapshot',
      'approvedBy',
      'approvedAt',
      'rejectedBy',
      'rejectedReason',
      'rejectedAt',
      'givenBackBy',
    ],
    Split: ['platformFeeCents', 'instructorShareCents'],
    Stripe: ['stripeRefundId', 'failureCode', 'isImported'],
  },
  related: { transferReversals: { label: 'Taken back from payouts', list: ['payout', 'amountCents', 'status'] } },
  links: {
    // what was simulated is not at Stripe
    'Refund at Stripe': ({ stripeRefundId: id }) =>
      id && !/^re_(sim|demo_)/.test(id) ? `https://dashboard.stripe.com/refunds/${id}` : null,
  },
})
