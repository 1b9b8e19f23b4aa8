import { job } from '../core/jobs.ts'
import { processWebhook } from '../stripe/errands.ts'
import { processEvent } from '../stripe/process-event.ts'

/** Thinks about an event that Stripe has posted. */
export default job(processWebhook.name, {
  ...processWebhook,
  run: async (ctx, { webhookEventId }, attempt) => await processEvent(ctx, webhookEventId, attempt),
})
