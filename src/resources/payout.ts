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
    Adjustments: { where: { kind: 'adjustment' } },
  },
  labels: {
    availableAt: 'Ready from',
    nettedCents: 'Against debts',
    reversedCents: 'Taken back',
    gstCents: 'GST',
    holdKind: 'Held because of',
    holdReason: 'Why it is held',
    failureReason: 'Why it failed',
    failureCode: 'Code of the failure',
    reason: 'Why it was made',
    bankPayout: 'To the bank',
    stripeTransferId: 'Stripe transfer',
  },
  values: {
    status: { paid: 'Transferred', deducted: 'Taken off the next payouts' },
    holdKind: { review: 'Its review', dispute: 'A dispute', person: 'A colleague' },
  },
  tabs: {
    Payout: ['instructor', 'booking', 'kind', 'reason', 'amountCents', 'nettedCents', 'reversedCents', 'gstCents'],
    Standing: ['status', 'availableAt', 'holdKind', 'holdReason', 'batch', 'failureReason', 'failureCode'],
    Stripe: ['payment', 'paidAt', 'stripeTransferId', 'bankPayout'],
  },
  related: {
    transferReversals: { label: 'Taken back', list: ['createdAt', 'amountCents', 'status', 'refund', 'reason'] },
  },
  links: {
    'Transfer at Stripe': ({ stripeTransferId: id }) =>
      id && !/^tr_(sim|demo_)/.test(id) ? `https://dashboard.stripe.com/connect/transfers/${id}` : null,
  },
})
