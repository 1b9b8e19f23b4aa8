import { resource } from '../core/declaration.ts'

export default resource('Payout', {
  title: ['instructor.displayName', 'amountCents'],
  list: [
    'availableAt',
    'instructor',
    'kind',
    'amountCents',
    'gstCents',
    'reversedCents',
    'status',
    'holdReason',
    'batch',
    'paidAt',
  ],
  sort: { by: 'availableAt', direction: 'desc' },
  filters: {
    range: ['availableAt', 'paidAt', 'amountCents'],
    multi: ['status', 'kind'],
    null: ['batchId'],
    relation: ['instructor', 'batch', 'booking'],
  },
  scopes: {
    'To pay': { where: { status: 'pending' }, count: true },
    Held: { where: { status: 'held' }, count: true },
    'In a batch': { where: { status: 'batched' }, count: true },
    Failed: { where: { status: ['failed', 'unknown'] }, count: true },
  },
  labels: { availableAt: 'Ready from', stripeTransferId: 'Stripe transfer' },
  related: { transferReversals: { label: 'Taken back', list: ['createdAt', 'amountCents', 'status', 'refund'] } },
  links: {
    'Transfer at Stripe': ({ stripeTransferId: id }) => id && `https://dashboard.stripe.com/connect/transfers/${id}`,
  },
})
