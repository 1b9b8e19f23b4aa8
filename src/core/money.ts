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

/**
 * The parts of a refund: in the proportion of the payment, and so that all refunds of a payment add up to its own parts to
 * the cent, in whatever order they are made and even when some of them failed in between.
 * @param whole the parts of the payment
 * @param gone the parts of its refunds so far
 * @param partCents of the new one; not more than is left
 */
export function splitPart(partCents: Cents, whole: FeeSplit, gone: FeeSplit): FeeSplit {
  const amount = whole.platformFeeCents + whole.instructorShareCents
  const goneAfter = gone.platformFeeCents + gone.instructorShareCents + partCents
  // the product of two amounts is beyond what a number holds exactly
  const feeAfter = Number(
    (2n * BigInt(whole.platformFeeCents) * BigInt(goneAfter) + BigInt(amount)) / (2n * BigInt(amount)),
  )
  const most = Math.min(partCents, whole.platformFeeCents - gone.platformFeeCents)
  const least = Math.max(0, partCents - (whole.instructorShareCents - gone.instructorShareCents))
  const platformFeeCents = Math.max(least, Math.min(most, feeAfter - gone.platformFeeCents))
  return { platformFeeCents, instructorShareCents: partCents - platformFeeCents }
}

/** The GST inside a price that includes it (A New Tax System (Goods and Services Tax) Act 1999: one eleventh), half up. */
export function includedGst(amountCents: Cents): Cents {
  return Math.floor((amountCents * 2 + 11) / 22)
}

/** So many percent of an amount, half up; whole percents of 0 to 100. */
export function percentOf(amountCents: Cents, percent: number): Cents {
  return Math.floor((amountCents * percent + 50) / 100)
}

/** A number in the proportion of `part` to `whole`, half up: the minutes that a part of a price pays for. */
export function partOf(number: number, part: Cents, whole: Cents): number {
  return Math.floor((2 * number * part + whole) / (2 * whole))
}

/** An amount changed by a percentage, half up. @param bps basis points, 500 is 5 % more, -500 is 5 % less */
export function changedBy(amountCents: Cents, bps: number): Cents {
  return Math.floor((amountCents * (10_000 + bps) + 5_000) / 10_000)
}

/** "A$47.50": the currency is always named, with its own number of decimals. */
export function formatMoney(cents: Cents, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.format(cents / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

/** "47.50": an amount as spreadsheets and forms write it, without its currency. */
export function decimalText(cents: Cents, currency: string): string {
  const digits = digitsOf(currency)
  return (cents / 10 ** digits).toFixed(digits)
}

/** What `decimalText` says, and "1,047.5"; null when it is no amount of that currency. */
export function parseDecimal(text: string, currency: string): Cents | null {
  const digits = digitsOf(currency)
  const [, sign, whole, fraction = ''] = /^(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?$/.exec(text) ?? []
  if (whole === undefined || fraction.length > digits) return null
  const cents = Number(whole.replaceAll(',', '') + fraction.padEnd(digits, '0'))
  if (!Number.isSafeInteger(cents)) return null
  return sign ? -cents : cents
}

const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
