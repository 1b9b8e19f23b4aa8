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
  labels: {
    payoutCount: 'Payouts',
    totalCents: 'Total to transfer',
    rejectedReason: 'Why it came back',
    linesHash: 'Fingerprint of what was submitted (SHA-256)',
  },
  // the payouts below say the same in words; the audit log keeps it
  fields: { lines: { read: [] } },
  tabs: {
    Batch: ['number', 'periodStart', 'periodEnd', 'payoutCount', 'totalCents', 'status', 'rejectedReason'],
    Approval: ['createdBy', 'submittedAt', 'approvedBy', 'approvedAt', 'linesHash'],
  },
  related: {
    payouts: {
      list: ['booking', 'kind', 'amountCents', 'nettedCents', 'status', 'failureReason', 'paidAt'],
    },
  },
})
