import { formatMoney } from '../../core/money.ts'
import type { Refund } from './refund.ts'

/** Codes of Stripe, for a refund that failed or was never made. */
const sentences: Readonly<Record<string, string>> = {
  lost_or_stolen_card: 'the card was lost or stolen',
  expired_or_canceled_card: 'the card has expired or was cancelled',
  charge_for_pending_refund_disputed: 'the learner’s bank is deciding about the payment',
  charge_disputed: 'the learner’s bank is deciding about the payment',
  charge_already_refunded: 'all of the payment was refunded already',
  amount_too_large: 'less is left of the payment at Stripe',
  insufficient_funds: 'the balance at Stripe is too small',
  balance_insufficient: 'the balance at Stripe is too small',
  declined: 'the learner’s bank has declined it',
  merchant_request: 'it was called off in the Stripe dashboard',
  resource_missing: 'Stripe does not know the payment',
}

/** @param cameBack the money had gone, and the learner's bank sent it back */
export function whyFailed(
  { amountCents, currency }: Pick<Refund, 'amountCents' | 'currency'>,
  { failureCode, cameBack }: { readonly failureCode: string | null; readonly cameBack: boolean },
): string {
  const money = formatMoney(amountCents, currency)
  const reason = failureCode ? (sentences[failureCode] ?? `Stripe says “${failureCode.replaceAll('_', ' ')}”`) : null
  const what = cameBack
    ? `${money} had gone back and was returned by the learner’s bank`
    : `${money} could not be sent back`
  return `${what}${reason ? `: ${reason}` : ''}. The learner does not have it: try again, or give it back another way.`
}
