import type { Concern, Warning } from '../../core/declaration.ts'
import { formatMoney } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { rulesOf } from '../school.ts'
import { concernOf, type Upcoming, upcomingLessons } from './upcoming.ts'

/** Said of a change of prices: lessons that are booked keep theirs, also where the price list now says another or none. */
export const lessonsAtOtherPrices: Warning<'RateCard' | 'RateCardItem'> = {
  concerns: (work) => atOtherPrices(work),
  sentence: (count) =>
    count === 1
      ? 'One lesson is booked at another price. It keeps the price it was booked at.'
      : `${count} lessons are booked at other prices. They keep the prices they were booked at.`,
}

async function atOtherPrices(work: UnitOfWork): Promise<Concern[]> {
  const { timeZone, currency } = await rulesOf(work)
  const prices = await work.tx.rateCardItem.findMany({
    where: { orgId: work.orgId, rateCard: { isDefault: true, currency } },
    select: { serviceId: true, priceCents: true, rateCard: { select: { validFrom: true, validTo: true } } },
  })
  const priceOf = ({ serviceId, startAt }: Upcoming): number | undefined =>
    prices.find(
      (one) =>
        one.serviceId === serviceId &&
        (one.rateCard.validFrom === null || one.rateCard.validFrom <= startAt) &&
        (one.rateCard.validTo === null || startAt < one.rateCard.validTo),
    )?.priceCents
  return (await upcomingLessons(work)).flatMap((lesson) => {
    const listed = priceOf(lesson)
    if (listed === lesson.priceCents) return []
    const kept = `booked at ${formatMoney(lesson.priceCents, lesson.currency)}`
    const why =
      listed === undefined ? `${kept}; then there is no price` : `${kept}; new price ${formatMoney(listed, currency)}`
    return [concernOf(lesson, timeZone, why)]
  })
}
