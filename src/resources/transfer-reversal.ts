import { resource } from '../core/declaration.ts'

export default resource('TransferReversal', {
  label: 'Taken back',
  singular: 'Reversal',
  title: ['payout.kind', 'amountCents'],
  list: ['createdAt', 'payout', 'refund', 'dispute', 'reason', 'amountCents', 'status', 'requestedBy', 'approvedBy'],
  scopes: {
    'To approve': { where: { status: 'pending_approval' }, count: true },
  },
  labels: {
    stripeReversalId: 'Stripe reversal',
    failureReason: 'Why not',
    failureCode: 'Code of the failure',
    isImported: 'Made in the Stripe dashboard',
  },
  values: { status: { succeeded: 'Taken back', failed: 'Refused: a debt' } },
})
