/** Integer cents of one currency. Nothing outside this file splits, rounds or parses an amount. */
export type Cents = number

export interface FeeSplit {
  platformFeeCents: Cents
  instructorShareCents: Cents
}

/**
 * The platform's fee of an amount and the instructor's rest (domain.md, Booking rules: fee = floor((amount·bps + 5000) / 10000)).
 * The parts always add up to the amount.
 * @param bps basis points, 1500 is 15 %
 */
export function splitFee(amountCents: Cents, bps: number): FeeSplit {
  const platformFeeCents = Math.floor((amountCents * bps + 5000) / 10_000)
  return { platformFeeCents, instructorShareCents: amountCents - platformFeeCents }
}

/** The GST inside a price that includes it (A New Tax System (Goods and Services Tax) Act 1999: one eleventh), half up. */
export function includedGst(amountCents: Cents): Cents {
  return Math.floor((amountCents * 2 + 11) / 22)
}

/** So many percent of an amount, half up; whole percents of 0 to 100. */
export function percentOf(amountCents: Cents, percent: number): Cents {
  return Math.floor((amountCents * percent + 50) / 100)
}

/** "A$47.50": the currency is always named, with its own number of decimals. */
export function formatMoney(cents: Cents, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.format(cents / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
