import { resource } from '../core/declaration.ts'

export default resource('PayoutBatch', {
  label: 'Payout batches',
  list: ['number', 'periodStart', 'periodEnd', 'payoutCount', 'totalCents', 'status', 'createdBy', 'approvedBy'],
  labels: { payoutCount: 'Payouts' },
})
