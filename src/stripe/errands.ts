import { z } from 'zod'
import { CALL_EXPIRES_SECONDS } from '../services/stripe.ts'

// What workers do with Stripe, as it is put into the queue; src/jobs does it. Stripe's own faults are over in minutes or
// hours: it is tried again every minute for some hours, and then by the sweep.
const errand = <D extends z.ZodType>(name: string, data: D) =>
  ({ name, data, expireSeconds: CALL_EXPIRES_SECONDS, retryLimit: 20 }) as const

/** Makes the payment intent of a payment. */
export const openPayment = { ...errand('payment.open', z.object({ paymentId: z.uuid() })), prompt: true } as const
/** Sees to it that nobody can pay it any more. */
export const closePayment = errand('payment.close', z.object({ paymentId: z.uuid() }))
/** Has Stripe make a refund. */
export const submitRefund = errand('refund.submit', z.object({ refundId: z.uuid() }))
/** Has Stripe transfer a payout to its instructor. */
export const transferPayout = errand('payout.transfer', z.object({ payoutId: z.uuid() }))
/** Has Stripe take part of a transfer back. */
export const reversePayout = errand('payout.reverse', z.object({ reversalId: z.uuid() }))
/** Makes the Stripe account of an instructor. */
export const openAccount = errand('account.open', z.object({ instructorId: z.uuid() }))
/** Tells a bank what the school answers to its dispute. */
export const answerDispute = errand('dispute.answer', z.object({ disputeId: z.uuid() }))
/** Lays Stripe's balance beside the books, of all schools or of one that did not want to wait for the night. */
export const reconcileBooks = {
  name: 'books.reconcile',
  data: z.object({ only: z.uuid().optional() }),
  expireSeconds: 3600,
  retryLimit: 3,
} as const
/** Thinks about an event that was received. */
export const processWebhook = {
  ...errand('webhook.process', z.object({ webhookEventId: z.uuid() })),
  prompt: true,
} as const
