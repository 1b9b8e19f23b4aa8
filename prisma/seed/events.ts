import type { Booked } from './bookings.ts'
import type { Paid } from './payments.ts'
import { hoursAfter, minutesAfter, type School } from './school.ts'

const HOURS_OF_EVENTS = 5 * 24

/** What was told to the rest of the program, and what Stripe told, in the last days. */
export function addEvents(school: School, bookings: readonly Booked[], payments: readonly Paid[]): void {
  const since = hoursAfter(school.now.toJSDate(), -HOURS_OF_EVENTS)
  for (const booked of bookings) {
    for (const [index, step] of booked.steps.entries()) {
      if (step.at < since || step.to === 'draft') continue
      addEvent(school, booked, { topic: `booking.${step.to}`, version: index + 1, at: step.at })
    }
  }
  letOneDie(school)
  for (const paid of payments) {
    if (paid.at >= since && paid.booked.method === 'card') addWebhook(school, paid)
  }
  addStuckWebhooks(school)
}

interface Event {
  topic: string
  version: number
  at: Date
}

function addEvent(school: School, { id, start }: Booked, { topic, version, at }: Event): void {
  const outboxId = school.newId(`event/${id}/${version}`, at)
  const doneAt = minutesAfter(at, 0.02)
  school.rows.add('Outbox', {
    id: outboxId,
    orgId: school.id,
    topic,
    aggregateType: 'Booking',
    aggregateId: id,
    aggregateVersion: version,
    schemaVersion: 1,
    dedupeKey: `${topic}:${id}:${version}`,
    payload: { bookingId: id, startAt: start.toISOString() },
    actor: { kind: 'system' },
    attempts: 1,
    availableAt: at,
    relayedAt: doneAt,
    processedAt: doneAt,
    createdAt: at,
  })
  school.rows.add('OutboxDelivery', {
    id: school.newId(`delivery/${id}/${version}`, at),
    orgId: school.id,
    outboxId,
    handler: 'send-booking-message',
    status: 'done',
    attempts: 1,
    generation: 0,
    finishedAt: doneAt,
    createdAt: at,
    updatedAt: doneAt,
  })
}

/** One event whose handler gave up: somebody has to look at it. */
function letOneDie(school: School): void {
  const events = school.rows.of('Outbox')
  const index = events.findLastIndex(({ topic }) => topic === 'booking.cancelled' || topic === 'booking.confirmed')
  const lastError = '421 4.7.0 mail server refused the connection, 8 attempts'
  Object.assign(events[index]!, { attempts: 8, lastError, processedAt: null, deadAt: events[index]!.relayedAt })
  Object.assign(school.rows.of('OutboxDelivery')[index]!, { status: 'dead', attempts: 8, lastError })
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
