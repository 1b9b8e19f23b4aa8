import type { MessageChannel } from '@prisma/client'

/**
 * An address as it is compared and dialled: small letters; +61491570156 for "0491 570 156" (a number without a country is
 * Australian). The database writes opt-outs the same way (`contact_address`).
 * @returns null when there is none, or it cannot be one
 */
export function canonicalAddress(channel: MessageChannel, text: string | null | undefined): string | null {
  if (!text) return null
  const address = channel === 'email' ? text.trim().toLowerCase() : dialled(text)
  const shape = channel === 'email' ? /^[^\s@<>,;"]+@[^\s@<>,;"]+$/ : /^\+?\d{6,15}$/
  return shape.test(address) ? address : null
}

const dialled = (text: string): string =>
  text
    .replaceAll(/[^0-9+]/g, '')
    .replace(/^00/, '+')
    .replace(/^0/, '+61')
    .replace(/^61(?=\d{9}$)/, '+61')

/** "m••@example.test", "••• ••• 156": enough to recognise one's own, too little to learn somebody else's. */
export function maskedAddress(channel: MessageChannel, address: string): string {
  if (channel !== 'email') return `••• ••• ${address.slice(-3)}`
  const [name = '', domain = ''] = address.split('@')
  return `${name.slice(0, 1)}••@${domain}`
}
