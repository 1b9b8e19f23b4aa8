import { Refusal } from './errors.ts'

const SHORTEST = 15
/** With a second step a shorter one will do. */
const SHORTEST_WITH_SECOND_FACTOR = 8
const LONGEST = 128

// the most used of those that are long enough to be accepted; longer lists hold nothing but shorter ones
const KNOWN =
  /^(.)\1+$|^(?:0?123456789|1234567890|qwerty(?:uiop)?|password|passw0rd|letmein|welcome|iloveyou|driveflow|admin(?:istrator)?)[\d!.]*$/i

/**
 * A password that somebody chose.
 * @param about what it must not be made of: e-mail, name, school
 * @throws Refusal 400 with a sentence
 */
export function checkNewPassword(password: string, about: readonly string[], hasSecondFactor: boolean): void {
  const shortest = hasSecondFactor ? SHORTEST_WITH_SECOND_FACTOR : SHORTEST
  if (password.length < shortest)
    throw new Refusal(
      400,
      `Take at least ${shortest} characters. Four words that have nothing to do with each other are good.`,
    )
  if (password.length > LONGEST) throw new Refusal(400, `Take at most ${LONGEST} characters.`)
  const bare = password.toLowerCase().replaceAll(/[^\p{L}\d]/gu, '')
  const made = about.some((one) => {
    const known = one.toLowerCase().replaceAll(/[^\p{L}\d]/gu, '')
    return known.length > 3 && bare.replaceAll(known, '').length < 4
  })
  if (KNOWN.test(password) || made || new Set(password).size < 5)
    throw new Refusal(
      400,
      'This password is too easy to guess. Take four words that have nothing to do with each other.',
    )
}
