import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Database } from '../core/db.ts'
import { connectStripe, stripe, type StripeConnection } from '../services/stripe.ts'
import { type Simulator, startSimulator } from '../services/stripe-simulator/server.ts'
import { explainFileError } from '../postgres/problem.ts'
import type { Lifecycle } from './lifecycle.ts'
import { step } from './say.ts'
import { adoptDemo } from './stripe-demo.ts'

/** Where Stripe posts its events, below the public address. */
const PATHS = { platform: '/webhooks/stripe', connect: '/webhooks/stripe/connect' } as const

/** Stripe by its key, or, where there is none, our own simulator, which is started. */
export async function beginStripe(config: Config, db: Database, lifecycle: Lifecycle): Promise<void> {
  const connection = connectByKey(config)
  if (connection) {
    const mode = connection.live ? 'LIVE: real money moves' : 'test mode'
    return step('stripe', `${config.stripe.apiBase ?? 'api.stripe.com'}, ${mode}`)
  }
  const simulator = await beginSimulator(config, lifecycle)
  const { url } = simulator
  if (config.demo) await adoptDemo(db, stripe(), simulator)
  step('stripe', `simulated, at ${url}: no money moves (${url}/_sim/state)`)
}

/** Makes Stripe known to this process when a key is set. */
export function connectByKey({ stripe: keys }: Pick<Config, 'stripe'>): StripeConnection | null {
  const { secretKey, webhookSecret, connectWebhookSecret, publishableKey, apiBase } = keys
  if (!secretKey || !webhookSecret || !connectWebhookSecret) return null
  return connectStripe({
    secretKey,
    webhookSecret,
    connectWebhookSecret,
    publishableKey,
    apiBase,
    // a simulator elsewhere is still one
    simulated: apiBase !== undefined && ['127.0.0.1', 'localhost'].includes(new URL(apiBase).hostname),
  })
}

async function beginSimulator(config: Config, lifecycle: Lifecycle): Promise<Simulator> {
  const secret = () => `whsec_simulated_${randomBytes(18).toString('hex')}`
  const secrets = { platform: secret(), connect: secret() }
  const file = join(config.dataDir, 'stripe-simulator.jsonl')
  const endpoint = (kind: keyof typeof PATHS) => ({ url: `${config.appUrl}${PATHS[kind]}`, secret: secrets[kind] })
  const endpoints = { platform: endpoint('platform'), connect: endpoint('connect') }
  const simulator = await lifecycle.begin(
    'the Stripe simulator',
    () =>
      startSimulator({ file, endpoints }).catch((error: unknown) => {
        throw explainFileError(error, config.dataDir)
      }),
    (running) => running.close(),
  )
  connectStripe({
    secretKey: `sk_test_simulated_${randomBytes(12).toString('hex')}`,
    apiBase: simulator.url,
    webhookSecret: secrets.platform,
    connectWebhookSecret: secrets.connect,
    simulated: true,
  })
  return simulator
}
