import { resource } from '../core/declaration.ts'

export default resource('Package', {
  list: ['name', 'service', 'minutes', 'priceCents', 'validityDays', 'active', 'updatedAt'],
  related: { creditGrants: { label: 'Sold', list: ['createdAt', 'student', 'minutesLeft', 'expiresAt'] } },
})
