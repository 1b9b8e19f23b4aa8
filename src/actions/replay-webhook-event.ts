import { action } from '../core/action.ts'
import { enqueue } from '../core/jobs.ts'
import { processWebhook } from '../stripe/errands.ts'

/** Thinks about an event once more, for example after what stood in its way was put right. It never counts twice. */
export default action('webhook-event.replay', {
  model: 'WebhookEvent',
  on: 'bulk',
  may: ['owner', 'admin', 'compliance'],
  label: 'Replay',
  done: 'queued again',
  icon: 'RotateCw',
  when: ({ provider, status }) => {
    if (provider !== 'stripe') return 'Only events of Stripe can be replayed here.'
    return status !== 'received' || 'This event waits for the worker already.'
  },
  confirm: ({ title, count }) => (count > 1 ? `Replay ${count} events?` : `Replay ${title}?`),
  run: async (work, { record }) => {
    await work.tx.webhookEvent.updateMany({
      where: { id: record.id, orgId: work.orgId },
      data: { status: 'received', processedAt: null, lastError: null },
    })
    await enqueue(work, processWebhook, { webhookEventId: record.id })
  },
})
