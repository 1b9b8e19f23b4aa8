import { resource } from '../core/declaration.ts'

export default resource('BankPayout', {
  label: 'Bank transfers',
  singular: 'Bank transfer',
  title: ['instructor.displayName', 'amountCents'],
  list: ['createdAt', 'instructor', 'amountCents', 'status', 'arrivesOn', 'failureReason', 'stripePayoutId'],
  sort: { by: 'createdAt', direction: 'desc' },
  filters: { range: ['createdAt'], relation: ['instructor'] },
  labels: { stripePayoutId: 'Stripe payout', arrivesOn: 'Arrives', failureReason: 'Why it failed' },
  related: { payouts: { label: 'What is in it', list: ['paidAt', 'booking', 'kind', 'amountCents', 'status'] } },
})
