/** What Stripe wants to know of somebody it pays to, by the beginning of its name for it. */
const WORDS: readonly (readonly [string, string])[] = [
  ['external_account', 'a bank account'],
  ['tos_acceptance', 'agreement to Stripe’s terms'],
  ['individual.verification', 'proof of identity'],
  ['individual.dob', 'date of birth'],
  ['individual.address', 'address'],
  ['individual', 'name and contact details'],
  ['business_profile', 'what the business does'],
  ['company', 'details of the company'],
]

/** "a bank account, proof of identity" */
export function requirementWords(requirements: readonly string[]): string {
  const words = requirements.map((one) => WORDS.find(([start]) => one.startsWith(start))?.[1] ?? 'further details')
  return words.length === 0 ? 'who you are and your bank account' : [...new Set(words)].join(', ')
}
