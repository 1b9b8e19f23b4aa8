import { formatMoney } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { describeRefund } from '../refunds/describe-refund.ts'
import type { Cancelled } from './cancel-booking.ts'

/** What comes of the money of a lesson that is called off: by which terms, what goes back, what is kept. */
export async function describeCancellation(work: UnitOfWork, cancelled: Cancelled): Promise<string> {
  const { booking, settlement, tier, refund, withheld } = cancelled
  if (withheld) return `Nothing goes back: ${withheld}`
  if (!tier || settlement.paidCents === 0) return 'Nobody has paid for it, so nothing goes back.'
  const money = (cents: number) => formatMoney(cents, booking.currency)
  const fee = tier.feeCents > 0 ? `, less a fee of ${money(tier.feeCents)}` : ''
  const terms =
    tier.id === null
      ? `The school gives back ${tier.refundPercentage} %.`
      : `Its policy gives back ${tier.refundPercentage} % at a notice of ${tier.hoursBeforeStart} hours or more${fee}.`
  if (refund) return `${terms} ${await describeRefund(work, refund)}`
  return `${terms} ${money(settlement.keptCents)} is kept, and nothing goes back.`
}
