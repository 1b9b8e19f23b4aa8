import type { BookingStatus, CancellationActor } from '@prisma/client'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { invalid } from '../core/errors.ts'
import { splitFee, percentOf } from '../core/money.ts'

const HOUR = 60 * 60 * 1000

export interface Tier {
  readonly id: string
  /** Notice from which it applies, in hours. */
  readonly hoursBeforeStart: number
  readonly refundPercentage: number
  readonly feeCents: number
}

/**
 * The tier with the longest notice that is still given. Notice is elapsed time, to the millisecond, whatever the clocks do in
 * between (domain.md, Booking rules).
 * @returns undefined when none applies: then nobody guesses
 */
export function tierFor<T extends Pick<Tier, 'hoursBeforeStart'>>(
  tiers: readonly T[],
  { startAt, cancelledAt }: { startAt: Date; cancelledAt: Date },
): T | undefined {
  const notice = startAt.getTime() - cancelledAt.getTime()
  return tiers
    .filter((tier) => tier.hoursBeforeStart * HOUR <= notice)
    .toSorted((a, b) => b.hoursBeforeStart - a.hoursBeforeStart)[0]
}

/** What a cancellation gives back and what the school keeps, in cents; the parts always add up to what was paid. */
export interface Settlement {
  readonly paidCents: number
  readonly refundCents: number
  readonly keptCents: number
  /** Of what is kept: the platform's fee and the instructor's share, in the booking's proportion. */
  readonly keptFeeCents: number
  readonly keptShareCents: number
}

/** @param feeBps of the booking, frozen when it was made */
export function settle(
  paidCents: number,
  { refundPercentage, feeCents }: Pick<Tier, 'refundPercentage' | 'feeCents'>,
  feeBps: number,
): Settlement {
  const refundCents = Math.max(0, percentOf(paidCents, refundPercentage) - feeCents)
  const keptCents = paidCents - refundCents
  const { platformFeeCents, instructorShareCents } = splitFee(keptCents, feeBps)
  return { paidCents, refundCents, keptCents, keptFeeCents: platformFeeCents, keptShareCents: instructorShareCents }
}

/** The school's tier for a lesson that `actor` cancels now. @throws AppError Invalid when the school has none for it */
export async function tierOf(
  work: UnitOfWork,
  { actor, startAt, cancelledAt }: { actor: CancellationActor; startAt: Date; cancelledAt: Date },
): Promise<Tier> {
  const tiers = await work.tx.cancellationPolicy.findMany({
    where: { orgId: work.orgId, actor, isActive: true },
    select: { id: true, hoursBeforeStart: true, refundPercentage: true, feeCents: true },
  })
  const tier = tierFor(tiers, { startAt, cancelledAt })
  if (!tier)
    throw invalid(
      `There is no cancellation policy for the ${actor} at this notice. Add one under Cancellation policies, or cancel as the school and say what is refunded.`,
      'cancelledAs',
    )
  return tier
}

/** Before it is agreed nobody has paid: whoever calls it off needs no policy, and nothing is given back. */
export const isUnpaid = (status: BookingStatus): boolean => ['draft', 'requested', 'pending_payment'].includes(status)

export const NOTHING_PAID: Settlement = {
  paidCents: 0,
  refundCents: 0,
  keptCents: 0,
  keptFeeCents: 0,
  keptShareCents: 0,
}
