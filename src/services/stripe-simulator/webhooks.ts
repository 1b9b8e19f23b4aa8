import { createHmac } from 'node:crypto'
import type Stripe from 'stripe'

/** Where events are posted: the platform's own, and those of connected accounts. */
export interface Endpoint {
  readonly url: string
  readonly secret: string
}

export interface Endpoints {
  readonly platform?: Endpoint | undefined
  readonly connect?: Endpoint | undefined
}

/** How the next events are posted. */
export interface Delivery {
  /** Kept back until they are let go. */
  hold: boolean
  /** Posted so much later, in milliseconds. */
  delayMs: number
  /** How often each is posted, all at once. */
  copies: number
}

const AGAIN_AFTER_MS = [500, 2_000, 10_000, 60_000, 600_000] as const
const PATIENCE_MS = 10_000

/** `t=…,v1=…` as Stripe signs what it posts. @param at seconds since 1970 */
export function sign(payload: string, secret: string, at: number): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${payload}`).digest('hex')}`
}

/** Posts events, signed, and again when they were not taken. */
export class Webhooks {
  readonly delivery: Delivery = { hold: false, delayMs: 0, copies: 1 }
  readonly #endpoints: Endpoints
  readonly #onTaken: (event: Stripe.Event) => void
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #controller = new AbortController()
  #held: Stripe.Event[] = []
  #underWay = 0
  #lastRefusal: string | null = null

  /** @param onTaken told when an event was answered with a success */
  constructor(endpoints: Endpoints, onTaken: (event: Stripe.Event) => void = () => {}) {
    this.#endpoints = endpoints
    this.#onTaken = onTaken
  }

  post(event: Stripe.Event): void {
    const { hold, delayMs, copies } = this.delivery
    if (hold) this.#held.push(event)
    else for (let copy = 0; copy < copies; copy++) this.#later(delayMs, () => this.#attempt(event, 0))
  }

  /** Posts what was kept back, in the order asked for, each so many times. */
  async release({ reversed = false, copies = 1 } = {}): Promise<number> {
    const events = reversed ? this.#held.toReversed() : this.#held
    this.#held = []
    this.delivery.hold = false
    for (const event of events) await Promise.all(Array.from({ length: copies }, () => this.#attempt(event, 0)))
    return events.length
  }

  facts(): object {
    const { hold, delayMs, copies } = this.delivery
    return {
      held: this.#held.length,
      underWay: this.#underWay,
      lastRefusal: this.#lastRefusal,
      delivery: { hold, delayMs, copies },
    }
  }

  clear(): void {
    this.#held = []
    Object.assign(this.delivery, { hold: false, delayMs: 0, copies: 1 })
  }

  close(): void {
    this.#controller.abort()
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #later(ms: number, act: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      void act()
    }, ms)
    this.#timers.add(timer)
  }

  async #attempt(event: Stripe.Event, tried: number): Promise<void> {
    const endpoint = event.account ? this.#endpoints.connect : this.#endpoints.platform
    if (!endpoint || this.#controller.signal.aborted) return
    this.#underWay++
    const taken = await this.#send(event, endpoint)
    this.#underWay--
    if (taken) this.#onTaken(event)
    const again = AGAIN_AFTER_MS[tried]
    if (!taken && again !== undefined && !this.#controller.signal.aborted)
      this.#later(again, () => this.#attempt(event, tried + 1))
  }

  async #send(event: Stripe.Event, { url, secret }: Endpoint): Promise<boolean> {
    const body = JSON.stringify(event)
    const signature = sign(body, secret, Math.floor(Date.now() / 1000))
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
        signal: AbortSignal.any([this.#controller.signal, AbortSignal.timeout(PATIENCE_MS)]),
      })
      await response.body?.cancel()
      if (!response.ok) this.#lastRefusal = `${event.type}: ${response.status}`
      return response.ok
    } catch (error) {
      this.#lastRefusal = `${event.type}: ${error instanceof Error ? error.message : String(error)}`
      return false
    }
  }
}
