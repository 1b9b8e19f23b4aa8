import { Stripe } from 'stripe'
import { AppError } from '../core/errors.ts'
import { refuseInsideTransaction } from '../core/network.ts'
import { STRIPE_VERSION } from './stripe-version.ts'

export interface StripeSettings {
  readonly secretKey: string
  /** Where Stripe is; Stripe itself when nothing is said. */
  readonly apiBase?: string | undefined
  readonly publishableKey?: string | undefined
  readonly webhookSecret: string
  readonly connectWebhookSecret: string
  /** It is our own simulator: no money moves, and people are told so. */
  readonly simulated: boolean
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMs?: number
  /** Attempts after the first one, with the same key. */
  readonly retries?: number
}

/** Stripe, as this process reaches it. */
export interface StripeConnection extends StripeSettings {
  readonly client: Stripe
  /** Whether real money moves. */
  readonly live: boolean
}

/** One attempt. A job that calls Stripe must live longer than all attempts together: 3 × 20 s and the pauses between them. */
const TIMEOUT_MS = 20_000
/** After the first attempt, with the same key. */
const RETRIES = 2

/** How long a job that makes one call may take before another worker may begin again, in seconds. */
export const CALL_EXPIRES_SECONDS = 180

let connection: StripeConnection | null = null

/** Makes Stripe known to this process. Once, at its start. */
export function connectStripe(settings: StripeSettings): StripeConnection {
  connection = {
    ...settings,
    client: new Stripe(settings.secretKey, {
      apiVersion: STRIPE_VERSION,
      timeout: settings.timeoutMs ?? TIMEOUT_MS,
      maxNetworkRetries: settings.retries ?? RETRIES,
      telemetry: false,
      httpClient: outsideTransactions(),
      ...address(settings.apiBase),
    }),
    live: /^(sk|rk)_live_/.test(settings.secretKey),
  }
  return connection
}

/** Forgets it again: between tests. */
export function disconnectStripe(): void {
  connection = null
}

/** The connection, or null when this process was started without Stripe. */
export const stripeConnection = (): StripeConnection | null => connection

/**
 * The way to Stripe.
 * @throws AppError External with what the operator has to do, when this process was started without Stripe
 * @throws Error inside a transaction of the database
 */
export function stripe(): Stripe {
  if (!connection)
    throw new AppError(
      'External',
      'Stripe is not set up here. The operator sets STRIPE_SECRET_KEY, or starts everything with npm start.',
    )
  refuseInsideTransaction('Stripe')
  return connection.client
}

function address(apiBase: string | undefined): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  if (!apiBase) return {}
  const { hostname, port, protocol } = new URL(apiBase)
  const scheme = protocol === 'http:' ? 'http' : 'https'
  return { host: hostname, port: port || (scheme === 'http' ? 80 : 443), protocol: scheme }
}

/** Node's own client, which sends nothing while a transaction of the database is open. */
function outsideTransactions(): ReturnType<typeof Stripe.createNodeHttpClient> {
  const client = Stripe.createNodeHttpClient()
  const send = client.makeRequest.bind(client)
  // as a rejection: the SDK never answers when its client throws
  client.makeRequest = async (...request) => {
    refuseInsideTransaction('Stripe')
    return await send(...request)
  }
  return client
}
