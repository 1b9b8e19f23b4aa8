import type { ReconciliationKind } from '@prisma/client'

/** What one side says of an object, in cents: before the fee, and the fee. */
export interface Sum {
  readonly cents: number
  readonly feeCents: number
  readonly currency: string
}

/** What differs between Stripe's balance and the books about one object; null when nothing does. */
export function differenceOf(stripe: Sum | null, ledger: Sum | null): ReconciliationKind | null {
  const [there, here] = [isNothing(stripe) ? null : stripe, isNothing(ledger) ? null : ledger]
  if (!there) return here ? 'missing_at_stripe' : null
  if (!here) return 'missing_in_ledger'
  if (there.cents !== here.cents || there.currency !== here.currency) return 'amount_differs'
  return there.feeCents === here.feeCents ? null : 'fee_differs'
}

/** What came and went again is nothing. */
const isNothing = (sum: Sum | null): boolean => sum === null || (sum.cents === 0 && sum.feeCents === 0)

/** What is left after the fee. */
export const netOf = (sum: Sum | null): number => (sum ? sum.cents - sum.feeCents : 0)
