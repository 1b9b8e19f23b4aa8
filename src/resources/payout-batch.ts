import { resource } from '../core/declaration.ts'

export default resource('PayoutBatch', {
  label: 'Payout batches',
  list: [
    'number',
    'periodStart',
    'periodEnd',
    'payoutCount',
    'totalCents',
    'status',
    'createdBy',
    'submittedAt',
    'approvedBy',
    'approvedAt',
  ],
  sort: { by: 'number', direction: 'desc' },
  filters: {
    range: ['periodStart', 'periodEnd', 'totalCents'],
    multi: ['status'],
    relation: ['createdBy', 'approvedBy'],
  },
  scopes: {
    Drafts: { where: { status: 'draft' }, count: true },
    'To approve': { where: { status: 'submitted' }, count: true },
    'Partly failed': { where: { status: 'partially_failed' }, count: true },
  },
  labels: { payoutCount: 'Payouts' },
  related: { payouts: { list: ['instructor', 'booking', 'kind', 'amountCents', 'status', 'paidAt'] } },
})
