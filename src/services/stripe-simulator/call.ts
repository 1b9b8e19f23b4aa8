import type Stripe from 'stripe'
import type { Form } from './form.ts'
import type { State } from './state.ts'

/** One request to the simulator, ready to be carried out. */
export interface Call {
  readonly state: State
  readonly form: Form
  /** Of the path: `/v1/transfers/:id/reversals` has one. */
  readonly ids: readonly string[]
  /** The connected account in whose name it is made; null for the platform's own. */
  readonly account: string | null
  /** The address of the simulator itself, for pages that people are sent to. */
  readonly origin: string
  /** The next card is declined, whatever card it is. */
  readonly declines: boolean
  /** Tells those who listen that something happened. */
  emit(type: Stripe.Event['type'], object: object, about?: { account?: string; previous?: object }): void
}

export type Handler = (call: Call) => object
