import { resource } from '../core/declaration.ts'
import { lessonsAtOtherPrices } from '../domain/warnings/lessons-at-other-prices.ts'

// the database refuses the same (migration 0030); here it is said before anything is typed
const lockedBy = {
  asks: 'rate_card_item_in_use',
  because: 'This price already applies and cannot change. Make a new rate card that begins later.',
}

export default resource('RateCardItem', {
  label: 'Prices',
  singular: 'Price',
  title: ['rateCard.name', 'service.name'],
  list: ['priceCents', 'updatedAt'],
  fields: { rateCardId: { lockedBy }, serviceId: { lockedBy }, priceCents: { lockedBy } },
  warns: lessonsAtOtherPrices,
})
