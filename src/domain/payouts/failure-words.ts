/** Stripe's codes for a transfer or a reversal that it refuses, as the school's finance reads them. */
const WORDS: Readonly<Record<string, string>> = {
  insufficient_capabilities_for_transfer:
    'Stripe does not pay to this instructor at the moment: the account needs attention. Send the onboarding link, then retry.',
  account_invalid: 'The instructor’s Stripe account cannot be paid to. Send the onboarding link, then retry.',
  balance_insufficient: 'There is not enough money at Stripe for it. Retry when payments have arrived.',
  transfer_source_balance_insufficient:
    'Of the learner’s payment not enough is left at Stripe, because it was refunded or passed on already.',
  charge_not_succeeded: 'The learner’s payment has not arrived at Stripe.',
  currency_mismatch: 'The payout is in another currency than the payment it comes from.',
  transfer_group_mismatch: 'At Stripe the payment belongs to another lesson.',
  parameter_invalid_integer: 'Stripe does not take this amount.',
  amount_too_small: 'The amount is smaller than what Stripe transfers.',
  resource_missing: 'Stripe does not know the account or the payment any more.',
  transfer_already_reversed: 'All of this transfer was taken back already.',
  amount_too_large: 'More was to be taken back than is left of the transfer.',
}

/** @param message Stripe's own sentence, for codes that nobody has words for */
export const failureWords = ({ code, message }: { readonly code: string; readonly message: string }): string =>
  WORDS[code] ?? `Stripe has refused it: ${message}`

/** The same for a reversal: what the instructor does not have any more cannot be taken back. */
export const reversalFailureWords = (failure: { readonly code: string; readonly message: string }): string =>
  failure.code === 'balance_insufficient' || failure.code === 'insufficient_funds'
    ? 'The instructor has spent it: it stays a debt, and is taken off the next payouts.'
    : failureWords(failure)
