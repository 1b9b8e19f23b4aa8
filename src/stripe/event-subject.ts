import type Stripe from 'stripe'

/** Which object of ours an event is about, by the id that Stripe gave it. */
export interface Subject {
  readonly kind: 'payment_intent' | 'charge' | 'refund' | 'dispute' | 'transfer' | 'account'
  readonly id: string
}

const textIn = (object: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = object[name]
  if (typeof value === 'string') return value
  // an object in the place of its id
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
  return typeof id === 'string' ? id : undefined
}

/** What may be ours of an event, the nearest first; nothing for what is about nobody in particular, like a balance. */
export function subjectsOf(event: Stripe.Event): Subject[] {
  const object = event.data.object as unknown as Readonly<Record<string, unknown>>
  const id = textIn(object, 'id')
  const intent = textIn(object, 'payment_intent')
  // a transfer may be told of before we know its id: where its money comes from, and goes to, is ours already
  const charge = textIn(object, 'charge') ?? textIn(object, 'source_transaction')
  const destination = String(object.object) === 'transfer' ? textIn(object, 'destination') : undefined
  const kind = String(object.object)
  const own = isKind(kind) && id ? [{ kind, id }] : []
  return [
    ...own,
    ...(intent ? [{ kind: 'payment_intent' as const, id: intent }] : []),
    ...(charge ? [{ kind: 'charge' as const, id: charge }] : []),
    ...(destination ? [{ kind: 'account' as const, id: destination }] : []),
    ...(event.account ? [{ kind: 'account' as const, id: event.account }] : []),
  ]
}

const KINDS: readonly Subject['kind'][] = ['payment_intent', 'charge', 'refund', 'dispute', 'transfer', 'account']
const isKind = (kind: string): kind is Subject['kind'] => KINDS.some((one) => one === kind)
