import { z } from 'zod'
import { CALL_EXPIRES_SECONDS } from '../services/stripe.ts'

// What workers do with Stripe, as it is put into the queue; src/jobs does it. Stripe's own faults are over in minutes or
// hours: it is tried again every minute for some hours, and then by the sweep.
const errand = <D extends z.ZodType>(name: string, data: D) =>
  ({ name, data, expireSeconds: CALL_EXPIRES_SECONDS, retryLimit: 20 }) as const

/** Makes the payment intent of a payment. */
export const openPayment = errand('payment.open', z.object({ paymentId: z.uuid() }))
/** Sees to it that nobody can pay it any more. */
export const closePayment = errand('payment.close', z.object({ paymentId: z.uuid() }))
/** Thinks about an event that was received. */
export const processWebhook = errand('webhook.process', z.object({ webhookEventId: z.uuid() }))
