import { resource } from '../core/declaration.ts'

export default resource('Refund', {
  title: ['payment.method', 'amountCents'],
  list: [
    'createdAt',
    'booking',
    'amountCents',
    'method',
    'reasonCode',
    'status',
    'isOverride',
    'requestedBy',
    'approvedBy',
  ],
  sort: { by: 'createdAt', direction: 'desc' },
  filters: {
    range: ['createdAt', 'amountCents'],
    multi: ['status'],
    flag: ['isOverride'],
    relation: ['payment', 'booking'],
  },
  scopes: {
    'To approve': { where: { status: 'pending_approval' }, count: true },
    'On the way': { where: { status: ['approved', 'submitting', 'pending', 'unknown'] }, count: true },
    Failed: { where: { status: 'failed' }, count: true },
  },
  fields: {
    stripeRefundId: { mask: ['manager'] },
  },
  labels: { reasonCode: 'Reason', reason: 'Explanation', stripeRefundId: 'Stripe refund' },
  related: { transferReversals: { label: 'Taken back from payouts', list: ['payout', 'amountCents', 'status'] } },
  links: {
    'Refund at Stripe': ({ stripeRefundId: id }) => id && `https://dashboard.stripe.com/refunds/${id}`,
  },
})
