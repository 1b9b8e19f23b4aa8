import { resource } from '../core/declaration.ts'
import { lessonsAtOtherPrices } from '../domain/warnings/lessons-at-other-prices.ts'

const whenStarted = ({ validFrom }: { validFrom: Date | null }): string | false =>
  validFrom !== null && validFrom <= new Date() && 'These prices already apply. Make a new rate card that begins later.'

const lockedBy = {
  asks: 'rate_card_in_use',
  because: 'Somebody has booked at these prices. Make a new rate card that begins later.',
}

export default resource('RateCard', {
  label: 'Rate cards',
  singular: 'Rate card',
  list: ['name', 'currency', 'isDefault', 'validFrom', 'validTo', 'updatedAt'],
  // the database refuses the same, and a new price of a card that applies (migration 0030)
  fields: {
    validFrom: { lockedWhen: whenStarted, lockedBy },
    currency: { lockedWhen: whenStarted, lockedBy },
  },
  labels: { isDefault: 'Standard prices', validFrom: 'From', validTo: 'Until' },
  related: { items: { label: 'Prices', list: ['service', 'priceCents', 'updatedAt'] } },
  warns: lessonsAtOtherPrices,
})
