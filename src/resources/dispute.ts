import { resource } from '../core/declaration.ts'

export default resource('Dispute', {
  title: ['reason', 'amountCents'],
  list: ['openedAt', 'payment', 'reason', 'amountCents', 'feeCents', 'status', 'evidenceDueBy'],
  labels: { evidenceDueBy: 'Evidence due', stripeDisputeId: 'Stripe dispute' },
})
