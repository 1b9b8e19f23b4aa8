import { resource } from '../core/declaration.ts'

export default resource('Payout', {
  title: ['instructor.displayName', 'amountCents'],
  list: ['availableAt', 'instructor', 'kind', 'amountCents', 'reversedCents', 'status', 'batch', 'paidAt'],
  labels: { availableAt: 'Ready from', stripeTransferId: 'Stripe transfer' },
})
