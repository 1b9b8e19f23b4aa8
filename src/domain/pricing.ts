import type { UnitOfWork } from '../core/unit-of-work.ts'
import { invalid } from '../core/errors.ts'
import { splitFee } from '../core/money.ts'
import { formatInstant } from '../core/time.ts'
import { rulesOf } from './school.ts'

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
 * The price of `serviceId` on the school's rate card that is valid when the lesson starts. There is no other price to fall
 * back to (domain.md, Booking rules).
 * @throws AppError Invalid when no rate card has one
 */
export async function quote(
  work: UnitOfWork,
  { serviceId, startAt }: { serviceId: string; startAt: Date },
): Promise<Quote> {
  const { currency, platformFeeBps, timeZone } = await rulesOf(work)
  const item = await work.tx.rateCardItem.findFirst({
    where: {
      orgId: work.orgId,
      serviceId,
      rateCard: {
        isDefault: true,
        currency,
        AND: [
          { OR: [{ validFrom: null }, { validFrom: { lte: startAt } }] },
          { OR: [{ validTo: null }, { validTo: { gt: startAt } }] },
        ],
      },
    },
    select: { priceCents: true, rateCardId: true },
  })
  if (!item)
    throw invalid(
      `This service has no price on ${formatInstant(startAt, timeZone)}. Add it to the rate card that is valid then, or choose another service.`,
      'serviceId',
    )
  const { priceCents, rateCardId } = item
  return { rateCardId, currency, priceCents, platformFeeBps, ...splitFee(priceCents, platformFeeBps) }
}
