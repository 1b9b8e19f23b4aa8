import { invalid } from '../../core/errors.ts'

/** What all has to be found in one place or another: a word, or a telephone number however it is spaced. */
export interface Term {
  /** Each of them, in any of the columns with text. */
  readonly words: readonly string[]
  /** Or one of these patterns in a column with a telephone number, as phone_digits() writes it. */
  readonly phones: readonly string[]
}

const MAX_TERMS = 6
const MAX_TEXT = 200

/** @throws AppError Invalid when the text is too long, or has a character that no record can have */
export function termsOf(text: string): Term[] {
  if (text.length > MAX_TEXT) throw invalid(`Search for at most ${MAX_TEXT} characters.`, 'search')
  if (!text.isWellFormed() || text.includes('\u0000'))
    throw invalid('This has a character that cannot be looked for.', 'search')
  const runs: string[][] = []
  for (const word of text.normalize('NFKC').split(/\s+/).filter(Boolean)) {
    const last = runs.at(-1)
    if (last && isNumeric(last[0]!) && isNumeric(word)) last.push(word)
    else runs.push([word])
  }
  return runs.slice(0, MAX_TERMS).map((words) => ({ words, phones: phonePatterns(words) }))
}

// "0491", "(02)", "+61", "570-156"
const isNumeric = (word: string): boolean => /^[+()\d./-]*\d[()\d./-]*$/.test(word)

const FEWEST_DIGITS = 3
// fewer of them after a country's code would be found in too many numbers
const FEWEST_AFTER_CODE = 6

/** "+61 491 570 156" finds 0491 570 156 too: a country's code has one to three digits, and what is stored may be without it. */
function phonePatterns(words: readonly string[]): string[] {
  const typed = words.join('')
  const digits = typed.replaceAll(/\D/g, '')
  if (!words.every(isNumeric) || digits.length < FEWEST_DIGITS) return []
  const isInternational = /^(\+|00)/.test(typed) || (digits.length > 9 && !digits.startsWith('0'))
  const bare = digits.replace(/^0011/, '').replace(/^0+/, '')
  if (bare === '') return []
  const withoutCode = [1, 2, 3].map((code) => bare.slice(code).replace(/^0+/, ''))
  return [
    `%${bare}%`,
    ...(isInternational
      ? withoutCode.filter((rest) => rest.length >= FEWEST_AFTER_CODE).map((rest) => `${rest}%`)
      : []),
  ]
}
