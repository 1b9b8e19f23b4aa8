import { enqueue } from '../../src/core/jobs.ts'
import { bookLesson } from '../../src/domain/bookings/book-lesson.ts'
import { cancelBooking } from '../../src/domain/bookings/cancel-booking.ts'
import { completeLesson } from '../../src/domain/bookings/complete-lesson.ts'
import { executeDue } from '../../src/domain/bookings/execute-due.ts'
import { markNoShow } from '../../src/domain/bookings/mark-no-show.ts'
import { recordPayment } from '../../src/domain/payments/record-payment.ts'
import { requestPayment } from '../../src/domain/payments/request-payment.ts'
import { closePayment, openPayment, processWebhook } from '../../src/stripe/errands.ts'
import { orderOf } from '../domain/scheduling.ts'
import { workerOf } from '../support/stripe.ts'
import { lessonTime, type Walk } from './walk.ts'
import { disputeSteps } from './walk-dispute-steps.ts'
import { payoutSteps } from './walk-payout-steps.ts'
import { refundSteps } from './walk-refund-steps.ts'

/** Something that may happen at any moment. */
export interface Step {
  readonly name: string
  /** How often, beside the others. */
  readonly often: number
  /** @throws AppError when it is refused, which is fine */
  run(walk: Walk): Promise<unknown>
}

const ask = (walk: Walk, bookingId: string) =>
  walk.act(async (work) => {
    const { id: paymentId } = await requestPayment(work, bookingId)
    await enqueue(work, openPayment, { paymentId })
  })

const book: Step = {
  name: 'book',
  often: 22,
  run: async (walk) => {
    const who = { studentId: walk.oneOf(walk.learners), instructorId: walk.oneOf(walk.instructors) }
    const order = orderOf(walk.harbour, lessonTime(walk), { ...who, as: 'pending_payment' })
    const { id } = await walk.act((work) => bookLesson(work, order))
    const how = walk.below(10)
    if (how === 0) await walk.act((work) => recordPayment(work, id, walk.oneOf(['cash', 'bank_transfer'])))
    else if (how > 1) await ask(walk, id)
  },
}

const askAgain: Step = {
  name: 'ask for a payment',
  often: 4,
  run: async (walk) => {
    // one that nobody was asked for yet, or any: that is refused
    const unasked = `status = 'pending_payment' AND NOT EXISTS (SELECT FROM "Payment" p WHERE p."bookingId" = row.id)`
    const id = await walk.some('Booking', walk.below(3) === 0 ? `status <> 'draft'` : unasked)
    if (id) await ask(walk, id)
  },
}

const CARDS = [
  ...([
    'pm_card_visa',
    'pm_card_visa',
    'pm_card_visa',
    'pm_card_visa',
    'pm_card_visa',
    'pm_card_bypassPending',
  ] as const),
  ...(['pm_card_chargeDeclined', 'pm_card_threeDSecureRequired', 'pm_au_becs_debit'] as const),
]

const pay: Step = {
  name: 'pay',
  often: 20,
  run: async (walk) => {
    const { simulator, client } = walk.at
    const open = simulator.state.all('payment_intent').filter(({ status }) => status === 'requires_payment_method')
    if (open.length === 0) return
    // Stripe refuses cards, and what is not to be paid any more
    const card = { payment_method: walk.oneOf(CARDS), return_url: 'http://x.test' }
    await client.paymentIntents.confirm(walk.oneOf(open).id, card).catch(() => {})
  },
}

const bank: Step = {
  name: 'a bank decides',
  often: 4,
  run: async ({ at, oneOf, below }) => {
    const open = at.simulator.state
      .all('payment_intent')
      .filter(({ status }) => status === 'requires_action' || status === 'processing')
    if (open.length === 0) return
    await at.control('/_sim/intent', { payment_intent: oneOf(open).id, outcome: below(4) === 0 ? 'declined' : 'paid' })
  },
}

const callOff: Step = {
  name: 'call a payment off',
  often: 1,
  run: async (walk) => {
    const paymentId = await walk.some('Payment', `status IN ('intent_created', 'requires_action', 'processing')`)
    if (paymentId) await walk.act((work) => enqueue(work, closePayment, { paymentId }))
  },
}

const cancel: Step = {
  name: 'cancel a lesson',
  often: 6,
  run: async (walk) => {
    const id = await walk.some('Booking', `status IN ('pending_payment', 'confirmed') AND "startAt" > $1`, [walk.clock])
    if (!id) return
    const cancelledAs = walk.oneOf(['student', 'parent', 'instructor', 'admin'] as const)
    const chosen = cancelledAs === 'admin' ? { refundPercentage: walk.below(101) } : {}
    await walk.act((work) => cancelBooking(work, id, { cancelledAs, reason: 'Ill', ...chosen }))
  },
}

const complete: Step = {
  name: 'complete a lesson',
  often: 12,
  run: async (walk) => {
    const id = await walk.some('Booking', `status IN ('confirmed', 'no_show') AND "endAt" <= $1`, [walk.clock])
    if (id) await walk.act((work) => completeLesson(work, id))
  },
}

const miss: Step = {
  name: 'a learner does not come',
  often: 2,
  run: async (walk) => {
    const id = await walk.some('Booking', `status = 'confirmed' AND "startAt" <= $1`, [walk.clock])
    if (id) await walk.act((work) => markNoShow(work, id))
  },
}

const due: Step = {
  name: 'the clock does what is due',
  often: 4,
  run: ({ db, harbour, clock }) => executeDue(workerOf(db, harbour), clock, 20),
}

/** What the queue knows of waits; some of it is done now, and some of that twice at once. */
const workSome: Step = {
  name: 'workers work',
  often: 16,
  run: ({ pump, clock, below }) =>
    pump.run({ now: clock, most: 1 + below(8), pick: below, again: () => below(12) === 0 }),
}

const listen: Step = { name: 'events come', often: 14, run: (walk) => walk.hear(1 + walk.below(10)) }
const listenAgain: Step = { name: 'an event comes again', often: 3, run: (walk) => walk.hearAgain() }

const replay: Step = {
  name: 'an event is replayed',
  often: 2,
  run: async (walk) => {
    const webhookEventId = await walk.some('WebhookEvent', `status IN ('processed', 'ignored')`)
    if (!webhookEventId) return
    await walk.act(async (work) => {
      const data = { status: 'received', processedAt: null, lastError: null } as const
      await work.tx.webhookEvent.updateMany({ where: { id: webhookEventId, orgId: work.orgId }, data })
      await enqueue(work, processWebhook, { webhookEventId })
    })
  },
}

const FAULTS = [
  { kind: 'lost_answer' },
  { kind: 'reset' },
  { kind: 'rate_limit' },
  { kind: 'conflict' },
  { kind: 'server_error', after: true },
  { kind: 'rate_limit', method: 'GET' },
  { kind: 'reset', method: 'GET' },
] as const

const trouble: Step = {
  name: 'Stripe is in trouble',
  often: 6,
  run: async ({ at, oneOf, below }) => void at.simulator.faults.add({ ...oneOf(FAULTS), times: 1 + below(3) }),
}

const settle: Step = {
  name: 'money becomes available',
  often: 1,
  run: ({ at }) => at.control('/_sim/settle'),
}

export const steps: readonly Step[] = [
  book,
  askAgain,
  pay,
  bank,
  callOff,
  cancel,
  complete,
  miss,
  due,
  workSome,
  listen,
  listenAgain,
  replay,
  trouble,
  settle,
  ...refundSteps,
  ...payoutSteps,
  ...disputeSteps,
]
