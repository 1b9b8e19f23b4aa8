import type { UnitOfWork } from '../core/unit-of-work.ts'
import { invalid } from '../core/errors.ts'
import { splitFee } from '../core/money.ts'
import { formatInstant } from '../core/time.ts'
import type { SchoolRules } from './school.ts'

/** What a lesson costs, as it is frozen on its booking. Cents. */
export interface Quote {
  readonly rateCardId: string
  readonly currency: string
  readonly priceCents: number
  readonly platformFeeBps: number
  readonly platformFeeCents: number
  readonly instructorShareCents: number
}

/**
 * The prices of a service, by the start of the lesson: that of the school's rate card that is valid then. There is no other
 * price to fall back to (domain.md, Booking rules).
 * @returns a function that throws AppError Invalid when no rate card has one
 */
export async function pricesOf(
  work: UnitOfWork,
  serviceId: string,
  { currency, platformFeeBps, timeZone }: Pick<SchoolRules, 'currency' | 'platformFeeBps' | 'timeZone'>,
): Promise<(startAt: Date) => Quote> {
  const items = await work.tx.rateCardItem.findMany({
    where: { orgId: work.orgId, serviceId, rateCard: { isDefault: true, currency } },
    select: { priceCents: true, rateCardId: true, rateCard: { select: { validFrom: true, validTo: true } } },
  })
  return (startAt) => {
    const isValid = ({ rateCard: { validFrom, validTo } }: (typeof items)[number]) =>
      (!validFrom || validFrom <= startAt) && (!validTo || validTo > startAt)
    const item = items.find(isValid)
    if (!item)
      throw invalid(
        `This service has no price on ${formatInstant(startAt, timeZone)}. Add it to the rate card that is valid then, or choose another service.`,
        'serviceId',
      )
    const { priceCents, rateCardId } = item
    return { rateCardId, currency, priceCents, platformFeeBps, ...splitFee(priceCents, platformFeeBps) }
  }
}
