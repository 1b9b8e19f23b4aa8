/** What people read and type for stored values. Pure: the screens and their tests use the same functions. */

const LOCALE = 'en-GB'
const EMPTY = ''

/** Fraction digits of a currency: 2 for AUD, 0 for JPY. */
export function currencyDigits(currency: string): number {
  return moneyFormat(currency).resolvedOptions().maximumFractionDigits ?? 2
}

/** Minor units (cents) as people write them: `4750, 'AUD'` is "A$47.50". */
export function formatMoney(cents: number, currency: string): string {
  const format = moneyFormat(currency)
  return format.format(cents / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2)).replace('-', '−')
}

/** Minor units as a person would type them into a field: `8500, 'AUD'` is "85.00". */
export function moneyInput(cents: number, currency: string): string {
  const digits = currencyDigits(currency)
  return (cents / 10 ** digits).toFixed(digits)
}

/**
 * Typed money in minor units: "85", "85.5", "A$1,085.00" with the currency's own symbol or code.
 * Digit by digit, so no amount is off by a rounded cent. Null when it is not an amount of that currency.
 */
export function parseMoney(typed: string, currency: string): number | null {
  const digits = currencyDigits(currency)
  const bare = withoutCurrency(typed, currency).replace(/\s/g, EMPTY).replace('−', '-')
  const match = /^(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?$/.exec(bare)
  const [, sign, whole, fraction = EMPTY] = match ?? []
  if (whole === undefined || fraction.length > digits) return null
  const cents = Number(whole.replaceAll(',', EMPTY) + fraction.padEnd(digits, '0'))
  if (!Number.isSafeInteger(cents)) return null
  return sign ? -cents : cents
}

/** The sign in front of an amount: "A$". */
export function currencySymbol(currency: string): string {
  const part = moneyFormat(currency)
    .formatToParts(0)
    .find(({ type }) => type === 'currency')
  return part?.value ?? currency
}

function withoutCurrency(typed: string, currency: string): string {
  const trimmed = typed.trim()
  const names = [currencySymbol(currency), currency, currencySymbol(currency).slice(-1)]
  const name = names.find((candidate) => trimmed.toUpperCase().startsWith(candidate.toUpperCase()))
  return name ? trimmed.slice(name.length) : trimmed
}

const moneyFormats = new Map<string, Intl.NumberFormat>()

function moneyFormat(currency: string): Intl.NumberFormat {
  const known = moneyFormats.get(currency)
  if (known) return known
  const format = new Intl.NumberFormat(LOCALE, {
    style: 'currency',
    currency: /^[A-Z]{3}$/.test(currency) ? currency : 'AUD',
  })
  moneyFormats.set(currency, format)
  return format
}

/** "12,500". Decimals and numbers beyond 2^53 arrive as strings and keep every digit that says something: "21.00" is "21". */
export function formatNumber(value: number | string): string {
  const text = String(value)
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(text)
  if (!match) return text
  const [, sign, whole = EMPTY, digits = EMPTY] = match
  const fraction = digits.replace(/\.?0+$/, EMPTY)
  return `${sign ? '−' : EMPTY}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction}`
}

/** Basis points as per cent: `1500` is "15 %", `1550` is "15.5 %". */
export const formatBasisPoints = (basisPoints: number): string => `${basisPointsInput(basisPoints)} %`

/** Basis points as typed per cent: `1550` is "15.5". */
export const basisPointsInput = (basisPoints: number): string => String(basisPoints / 100)

/** Typed per cent in basis points: "15.5 %" is 1550. Null when it is no number or finer than a basis point. */
export function parseBasisPoints(typed: string): number | null {
  const match = /^(-?)(\d{1,9})(?:\.(\d{1,2}))?\s*%?$/.exec(typed.trim())
  if (!match) return null
  const [, sign, whole = EMPTY, fraction = EMPTY] = match
  const points = Number(whole + fraction.padEnd(2, '0'))
  return sign ? -points : points
}

/** `pending_payment` is "Pending payment", `orgId` is "Org id": for codes that nobody gave a label. */
export function humanise(code: string): string {
  const words = code
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_\-.]+/g, ' ')
    .trim()
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The last six characters of a uuid: enough to tell two records apart when there is no better name. */
export const shortId = (id: string): string => `#${id.replaceAll('-', EMPTY).slice(-6)}`

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value)

/** How many there are: exactly, or at least so many, with an estimate where there is one. */
export interface Total {
  total: number
  totalIsCapped?: boolean
  about?: number
}

/** "1–25 of about 198,000" for a page of a list; "26–30 of 30"; "None". */
export function formatRange(first: number, count: number, { total, totalIsCapped = false, about }: Total): string {
  if (count === 0) return 'None'
  return `${formatNumber(first)}–${formatNumber(first + count - 1)} of ${formatCount(total, totalIsCapped, about)}`
}

/** "30", "about 198,000", or "10,000+" while nobody knows better. */
export function formatCount(total: number, isCapped: boolean, about = 0): string {
  if (!isCapped) return formatNumber(total)
  return about > total ? `about ${formatNumber(about)}` : `${formatNumber(total)}+`
}

/** "Mia Khan" is "MK": the letters in a round picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.charAt(0) ?? EMPTY)
  return letters.join(EMPTY).toUpperCase()
}

/** "09:00" from a stored "09:00" or from minutes since midnight (540). */
export function formatTime(value: number | string): string {
  if (typeof value === 'string' && !/^\d+$/.test(value)) return value.slice(0, 5)
  const minutes = Number(value)
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
}
