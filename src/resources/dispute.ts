import { resource } from '../core/declaration.ts'

export default resource('Dispute', {
  title: ['reason', 'amountCents'],
  list: ['payment', 'reason', 'amountCents', 'feeCents', 'status', 'evidenceDueBy', 'openedAt'],
  labels: { evidenceDueBy: 'Evidence due', stripeDisputeId: 'Stripe dispute' },
})
