import { z } from 'zod'

interface FormatRule {
  /** What is typed as it is stored; null where it is none. */
  readonly read: (typed: string) => string | null
  /** After the name of the field: what it needs instead. */
  readonly needs: string
}

const address = z.email().max(254)

/** Texts that follow a rule of their own, whoever brings them: a form, a file, an operation. */
export const formats = {
  email: {
    read: (typed) => (address.safeParse(typed).success ? typed : null),
    needs: 'needs an e-mail address like mia@example.com',
  },
  abn: {
    read: (typed) => {
      const digits = typed.replaceAll(/\s/g, '')
      return isAbn(digits) ? digits : null
    },
    needs: 'needs the eleven digits of an Australian Business Number, like 51 824 753 556, and these are not one',
  },
} as const satisfies Record<string, FormatRule>

export type Format = keyof typeof formats

const WEIGHTS = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]

/**
 * Eleven digits whose weighted sum, the first digit less one, is a multiple of 89.
 * Source: Australian Business Register, “Format of the ABN”, abr.business.gov.au/Help/AbnFormat.
 */
export function isAbn(digits: string): boolean {
  if (!/^\d{11}$/.test(digits)) return false
  const sum = WEIGHTS.reduce((so, weight, place) => so + weight * (Number(digits[place]) - (place === 0 ? 1 : 0)), 0)
  return sum % 89 === 0
}
