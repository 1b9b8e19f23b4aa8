import { randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import { connectStripe, disconnectStripe, type StripeConnection } from '../../src/services/stripe.ts'
import { type Simulator, startSimulator } from '../../src/services/stripe-simulator/server.ts'
import { sign } from '../../src/services/stripe-simulator/webhooks.ts'
import type { Context } from '../../src/core/context.ts'
import type { Database } from '../../src/core/db.ts'
import type { School } from './school.ts'

export const SECRETS = { platform: 'whsec_test_platform', connect: 'whsec_test_connect' } as const

/** A simulator of one's own, and this process connected to it. Its events are kept, not posted. */
export interface TestStripe extends StripeConnection {
  readonly simulator: Simulator
  /** What people do at Stripe's dashboard, what banks do, and what goes wrong. */
  control<T = Record<string, unknown>>(path: string, wish?: object): Promise<T>
  /** What has happened at Stripe, the oldest first. */
  events(type?: Stripe.Event['type']): Stripe.Event[]
  close(): Promise<void>
}

export async function openStripe(options: { timeoutMs?: number; retries?: number } = {}): Promise<TestStripe> {
  const simulator = await startSimulator({ file: null, endpoints: {} })
  const connection = connectStripe({
    secretKey: 'sk_test_simulated',
    apiBase: simulator.url,
    webhookSecret: SECRETS.platform,
    connectWebhookSecret: SECRETS.connect,
    simulated: true,
    ...options,
  })
  return {
    ...connection,
    simulator,
    control: async (path, wish = {}) => {
      const response = await fetch(simulator.url + path, { method: 'POST', body: JSON.stringify(wish) })
      if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
      return (await response.json()) as never
    },
    events: (type) => {
      const accounts = [null, ...simulator.state.all('account').map(({ id }) => id)]
      const events = accounts.flatMap((account) => simulator.state.all('event', account)).toReversed()
      return type ? events.filter((event) => event.type === type) : events
    },
    close: async () => {
      disconnectStripe()
      await simulator.close()
    },
  }
}

/** The headers and body with which Stripe posts an event, right now unless `at` says otherwise (seconds since 1970). */
export function signed(
  event: object,
  { secret = SECRETS.platform, at = Math.floor(Date.now() / 1000) }: { secret?: string; at?: number } = {},
): RequestInit {
  const body = JSON.stringify(event)
  return {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'stripe-signature': sign(body, secret, at) },
  }
}

/** The worker, in a school or in none. */
export const workerOf = (db: Database, school?: School): Context => ({
  db,
  orgId: school?.orgId ?? '',
  userId: null,
  role: null,
  actorKind: school ? 'system' : 'webhook',
  ip: null,
  requestId: randomUUID(),
})
