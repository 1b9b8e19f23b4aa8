import express, { type RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Database } from '../core/db.ts'
import { type StripeConnection, stripeConnection } from '../services/stripe.ts'
import { type EndpointKind, Untrusted, verifyEvent } from '../services/stripe-webhooks.ts'
import { Intake } from '../stripe/intake.ts'
import { MAX_BODY_BYTES } from './limits.ts'
import { Refusal } from './errors.ts'

/**
 * `POST /webhooks/stripe` and `POST /webhooks/stripe/connect`: what Stripe signed is stored and answered with 200, and
 * thought about by a worker. The body is read as it came, because that is what was signed.
 */
export function webhookRoutes(db: Database, logger: Logger): express.Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  const raw = express.raw({ type: 'application/json', limit: MAX_BODY_BYTES })
  const intake = new Intake(db)
  router.post('/webhooks/stripe', raw, receive({ intake, logger, kind: 'platform' }))
  router.post('/webhooks/stripe/connect', raw, receive({ intake, logger, kind: 'connect' }))
  return router
}

interface Endpoint {
  readonly intake: Intake
  readonly logger: Logger
  readonly kind: EndpointKind
}

function receive({ intake, logger, kind }: Endpoint): RequestHandler {
  return async (req, res) => {
    const connection = stripeConnection()
    if (!connection) throw new Refusal(400, 'Stripe is not set up here.')
    const body: unknown = req.body
    if (!Buffer.isBuffer(body)) throw new Refusal(400, 'An event is JSON: application/json.')
    const event = trusted(connection, { kind, body, signature: req.get('stripe-signature') }, logger)
    const received = event.livemode === connection.live
    // a live Connect endpoint gets the events of test accounts too, and is not to be switched off for it
    if (!received && kind === 'platform')
      throw new Refusal(400, 'This event is of the other mode: test and live do not mix.')
    const { id: eventId, type, account = null } = event
    const { requestId } = res.locals
    if (received) await intake.take({ eventId, type, account, payload: body.toString('utf8'), requestId })
    res.json({ received })
  }
}

function trusted(connection: StripeConnection, received: Parameters<typeof verifyEvent>[1], logger: Logger) {
  try {
    return verifyEvent(connection, received)
  } catch (error) {
    if (!(error instanceof Untrusted)) throw error
    logger.warn({ endpoint: received.kind, reason: error.message }, 'an event was not taken')
    throw new Refusal(400, 'This was not signed by Stripe for this address just now.')
  }
}
