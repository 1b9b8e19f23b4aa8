import { Stripe } from 'stripe'
import type { StripeConnection } from './stripe.ts'

/** Which of the two endpoints Stripe posts to: the platform's own events, or those of connected accounts. */
export type EndpointKind = 'platform' | 'connect'

export interface Received {
  readonly kind: EndpointKind
  readonly body: Buffer
  readonly signature: string | undefined
}

/** Older than this is a repetition, newer than this is a clock that somebody has set. Seconds. */
const TOLERANCE = 300

/** Why an event is not taken; nobody but an operator reads it. */
export class Untrusted extends Error {}

/**
 * The event that was posted, when Stripe signed it for this endpoint a moment ago.
 * @throws Untrusted
 */
export function verifyEvent(connection: StripeConnection, { kind, body, signature }: Received): Stripe.Event {
  const secret = kind === 'platform' ? connection.webhookSecret : connection.connectWebhookSecret
  const event = signedEvent(body, signature, secret)
  // the SDK looks at the age only, and takes any time in the future
  const ahead = Number(/(?:^|,)t=(\d+)/.exec(signature ?? '')?.[1]) - Date.now() / 1000
  if (ahead > TOLERANCE) throw new Untrusted('The signature is from the future.')
  if (typeof event.id !== 'string' || typeof event.type !== 'string' || typeof event.data?.object !== 'object')
    throw new Untrusted('This is no event.')
  if ((kind === 'connect') !== (typeof event.account === 'string'))
    throw new Untrusted('This event belongs to the other endpoint.')
  return event
}

function signedEvent(body: Buffer, signature: string | undefined, secret: string): Stripe.Event {
  try {
    return Stripe.webhooks.constructEvent(body, signature ?? '', secret, TOLERANCE)
  } catch (error) {
    throw new Untrusted(error instanceof Error ? error.message.split('\n')[0]! : 'The signature is wrong.')
  }
}
