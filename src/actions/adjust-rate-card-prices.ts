import { z } from 'zod'
import { action } from '../core/action.ts'
import { conflict } from '../core/errors.ts'
import { changedBy } from '../core/money.ts'

/** From here on somebody else must agree, in basis points. */
const LARGE = 2_000

/** Raises or lowers every price of a rate card by the same percentage. Bookings keep the price they were made at. */
export default action('rate-card.adjust-prices', {
  model: 'RateCard',
  on: 'record',
  may: ['owner', 'admin', 'manager'],
  label: 'Adjust prices',
  icon: 'TrendingUp',
  reauth: true,
  when: ({ validFrom }) =>
    validFrom === null ||
    validFrom > new Date() ||
    'These prices already apply. Make a new rate card that begins later.',
  approval: { by: ['owner', 'finance'], when: ({ percent }) => Math.abs(percent) > LARGE },
  form: z.object({
    percent: z
      .int()
      .min(-9_000)
      .max(20_000)
      .refine((percent) => percent !== 0, 'Zero changes nothing: type how much more, or less with a minus.')
      .meta({
        label: 'Change',
        kind: 'percent',
        help: '5 raises every price by 5 %, -5 lowers it. More than 20 % needs the approval of an owner or finance.',
      }),
  }),
  confirm: ({ title, input }) =>
    `${input.percent > 0 ? 'Raise' : 'Lower'} the prices of ${title} by ${Math.abs(input.percent) / 100} %?`,
  run: async ({ tx }, { record: { id, name }, input }) => {
    const items = await tx.rateCardItem.findMany({ where: { rateCardId: id }, orderBy: { id: 'asc' } })
    if (items.length === 0) throw conflict(`${name} has no prices yet.`)
    for (const item of items)
      await tx.rateCardItem.updateMany({
        where: { id: item.id },
        data: { priceCents: changedBy(item.priceCents, input.percent) },
      })
    return `${items.length === 1 ? 'One price' : `${items.length} prices`} of ${name} ${items.length === 1 ? 'is' : 'are'} changed.`
  },
})
