import { resource } from '../core/declaration.ts'

export default resource('Payout', {
  title: ['instructor.displayName', 'amountCents'],
  list: ['instructor', 'booking', 'kind', 'amountCents', 'reversedCents', 'status', 'availableAt', 'batch', 'paidAt'],
  labels: { availableAt: 'Ready from', stripeTransferId: 'Stripe transfer' },
})
