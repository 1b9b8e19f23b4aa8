import type { Paid } from './payments.ts'
import { hoursAfter, minutesAfter, type School } from './school.ts'

const HOURS_OF_EVENTS = 5 * 24

/** What Stripe told in the last days. */
export function addWebhooks(school: School, payments: readonly Paid[]): void {
  const since = hoursAfter(school.now.toJSDate(), -HOURS_OF_EVENTS)
  for (const paid of payments) {
    if (paid.at >= since && paid.booked.method === 'card') addWebhook(school, paid)
  }
  addStuckWebhooks(school)
}

function addWebhook(school: School, { id, at, amountCents, row }: Paid): void {
  const eventId = school.stripeId('evt', id)
  school.rows.add('WebhookEvent', {
    id: school.newId(`webhook/${id}`, at),
    orgId: school.id,
    provider: 'stripe',
    eventType: 'payment_intent.succeeded',
    eventId,
    payload: stripeEvent(eventId, 'payment_intent.succeeded', {
      id: row.stripePaymentIntentId!,
      amount: amountCents,
      currency: 'aud',
    }),
    status: 'processed',
    attempts: 1,
    receivedAt: at,
    processedAt: minutesAfter(at, 0.05),
    createdAt: at,
  })
}

function stripeEvent(id: string, type: string, object: Record<string, string | number>) {
  return { id, type, livemode: false, data: { object } }
}

/** One event that failed, and in the largest school one that no school is known for. */
function addStuckWebhooks(school: School): void {
  const at = school.minutesAgo(190)
  const stuck = (name: string, eventType: string, rest: { orgId: string | null; lastError: string }): void => {
    const id = school.newId(`webhook/${name}`, at)
    const eventId = school.stripeId('evt', id)
    const payload = stripeEvent(eventId, eventType, { id: school.stripeId('re', id), amount: 4250, currency: 'aud' })
    const state = { status: 'failed' as const, attempts: 5, receivedAt: at, processedAt: null, createdAt: at }
    school.rows.add('WebhookEvent', { id, provider: 'stripe', eventType, eventId, payload, ...state, ...rest })
  }
  stuck('stuck', 'charge.refunded', { orgId: school.id, lastError: 'The charge is not one of this school’s payments' })
  if (school.plan.slug === 'harbour-city') {
    stuck('homeless', 'refund.updated', { orgId: null, lastError: 'No refund with this id in any school' })
  }
}
