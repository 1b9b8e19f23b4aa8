/** What a card of the simulator does. Nobody types a number: Stripe's own test methods are chosen by name. */
export interface Card {
  readonly id: string
  /** On the simulated card form. */
  readonly label: string
  readonly does: 'pay' | 'decline' | 'authenticate' | 'process'
  readonly decline?: { readonly code: string; readonly reason: string; readonly message: string }
  /** The bank takes the money back at once. */
  readonly disputed?: boolean
  /** The money can be used at once. */
  readonly settled?: boolean
}

const declined = (code: string, reason: string, message: string) =>
  ({ does: 'decline', decline: { code, reason, message } }) as const

/** @see https://docs.stripe.com/testing */
export const cards: readonly Card[] = [
  { id: 'pm_card_visa', label: 'A card that pays', does: 'pay' },
  { id: 'pm_card_bypassPending', label: 'A card that pays, available at once', does: 'pay', settled: true },
  {
    id: 'pm_card_chargeDeclined',
    label: 'A card that is declined',
    ...declined('card_declined', 'generic_decline', 'Your card was declined.'),
  },
  {
    id: 'pm_card_chargeDeclinedInsufficientFunds',
    label: 'A card without enough money',
    ...declined('card_declined', 'insufficient_funds', 'Your card has insufficient funds.'),
  },
  {
    id: 'pm_card_chargeDeclinedExpiredCard',
    label: 'A card that has expired',
    ...declined('expired_card', 'expired_card', 'Your card has expired.'),
  },
  { id: 'pm_card_threeDSecureRequired', label: 'A card whose bank asks its holder', does: 'authenticate' },
  { id: 'pm_au_becs_debit', label: 'A bank debit that takes its time', does: 'process' },
  { id: 'pm_card_createDispute', label: 'A card whose holder disputes it', does: 'pay', disputed: true },
]

export const cardNamed = (id: string): Card | undefined => cards.find((card) => card.id === id)
