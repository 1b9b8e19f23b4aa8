import { resource } from '../core/declaration.ts'

export default resource('TransferReversal', {
  title: ['payout.kind', 'amountCents'],
  labels: { stripeReversalId: 'Stripe reversal' },
})
