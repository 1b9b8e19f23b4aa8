import { resource } from '../core/declaration.ts'

export default resource('RateCardItem', {
  label: 'Prices',
  singular: 'Price',
  title: ['rateCard.name', 'service.name'],
  list: ['priceCents', 'updatedAt'],
})
