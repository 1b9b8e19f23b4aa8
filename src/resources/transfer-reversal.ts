import { resource } from '../core/declaration.ts'

export default resource('TransferReversal', {
  title: ['payout.kind', 'amountCents'],
  list: ['createdAt', 'payout', 'refund', 'dispute', 'amountCents', 'status'],
  labels: { stripeReversalId: 'Stripe reversal' },
})
