import { randomUUID } from 'node:crypto'
import { modelOf } from '../../src/core/schema.ts'
import { type Attack, record } from './cases.ts'
import type { Harness } from './harness.ts'
import { type Answer, type Ask, jsonBody } from './wire.ts'

/** What an action is done to in the tests, and with which input. */
export interface Ready {
  readonly ids: readonly string[]
  readonly input: Readonly<Record<string, unknown>>
  /** Who does it, when it is not the strongest of those who may. */
  readonly by?: Attack
}

/** How an action comes to be possible, or the test that does it where a school of canaries has not what it takes. */
export type ActionPlan = ((harness: Harness) => Promise<Ready>) | { readonly doneIn: string }

/** An answer to an action: what it says, and under which state. */
export interface Said {
  readonly state?: string
  readonly message?: string
  readonly run?: string
  readonly open?: { readonly model: string; readonly id: string } | null
  readonly preview?: { readonly hash: string }
}

export const saidIn = (answer: Answer): Said => {
  const body = JSON.parse(answer.text) as { answer?: Said; message?: string }
  return body.answer ?? (body.message === undefined ? {} : { message: body.message })
}

export const tries = (path: string, input: object): Ask => ({
  path,
  method: 'POST',
  ...jsonBody({ preview: true, key: randomUUID(), input }),
})

export const commits = (path: string, form: { key: string; hash: string | undefined; input: object }): Ask => ({
  path,
  method: 'POST',
  ...jsonBody(form),
})

const REASON = 'because of the test'
/** The date of birth of those who stay minors, whatever lessons are to be possible. */
const MINOR_SINCE = '2015-02-03'

/** A record of koala's, with these values whatever the rules say. */
async function made({ fixtures }: Harness, model: string, values: Values = {}): Promise<string> {
  const id = await fixtures.add(fixtures.koala, model)
  const columns = Object.keys(values)
  if (columns.length === 0) return id
  const sets = columns.map((column, index) => `"${column}" = $${index + 2}`).join(', ')
  await fixtures.query(`SET session_replication_role = replica`)
  await fixtures.query(`UPDATE "${modelOf(model).name}" SET ${sets} WHERE id = $1`, [id, ...Object.values(values)])
  await fixtures.query(`SET session_replication_role = DEFAULT`)
  return id
}

type Values = Readonly<Record<string, unknown>>

const one =
  (model: string, values: Values | (() => Values) = {}, input: Ready['input'] = {}): ActionPlan =>
  async (harness) => ({
    ids: [await made(harness, model, typeof values === 'function' ? values() : values)],
    input,
  })

const two =
  (model: string, values: Values = {}): ActionPlan =>
  async (harness) => ({ ids: [await made(harness, model, values), await made(harness, model, values)], input: {} })

const decided =
  (input: Ready['input']): ActionPlan =>
  async (harness) => {
    const manager = harness.ofKoala.find(({ actor }) => actor.role === 'manager')!
    return { ids: [await waitingRun(harness, manager)], input }
  }

/** A rate card that nobody has paid by yet. */
async function priced(harness: Harness): Promise<string> {
  const rateCardId = await made(harness, 'RateCard')
  await made(harness, 'RateCardItem', { rateCardId })
  return rateCardId
}

/** Somebody asks for something that somebody else must agree to. @returns the id of the run that waits */
export async function waitingRun(harness: Harness, { actor }: Attack): Promise<string> {
  const { wire } = harness
  const path = record('RateCard', await priced(harness), 'adjust-prices')
  const input = { percent: 3000 }
  const shown = saidIn(await wire.send(actor.cookie, tries(path, input)))
  const asked = commits(path, { key: randomUUID(), hash: shown.preview?.hash, input })
  const { run, message } = saidIn(await wire.send(actor.cookie, asked))
  if (!run) throw new Error(`nothing waits for an approval: ${message ?? shown.message}`)
  return run
}

/** A fee that is due, and that nobody has begun to pay. */
const NOT_BEGUN = { method: 'card', status: 'intent_created', payToken: null, stripePaymentIntentId: null } as const
const PAID = { method: 'card', status: 'succeeded', refundedCents: 0, currency: 'AUD' } as const

const PAYOUTS = 'tests/actions/payouts.test.ts'
const OPEN_PAYOUT = { status: 'pending', batchId: null, nettedCents: 0, reversedCents: 0 } as const
const DRAFT_BATCH = { status: 'draft', approvedById: null, approvedAt: null, payoutCount: 0, totalCents: 0 } as const

/** A refund of a payment of its own, that nobody disputes. */
const refunded =
  (values: Values, paid: Values = {}): ActionPlan =>
  async (harness) => {
    const paymentId = await made(harness, 'Payment', { ...PAID, ...paid })
    return {
      ids: [
        await made(harness, 'Refund', {
          method: 'original',
          isOverride: false,
          approvedAt: null,
          ...values,
          paymentId,
        }),
      ],
      input: {},
    }
  }

const seenTo: ActionPlan = async (harness) => ({
  ...(await (refunded({ status: 'failed' }) as (one: Harness) => Promise<Ready>)(harness)),
  input: { reason: REASON },
})

const LONG_AGO = new Date('2020-01-01T00:00:00Z')
/** A lesson that is over; no two at the same time. */
function past(): Readonly<Record<string, unknown>> {
  const at = (hours: number): Date => new Date(LONG_AGO.getTime() + (lessons * 2 + hours) * 3_600_000)
  lessons++
  return { startAt: at(0), endAt: at(1), blockedUntil: at(1.25) }
}
let lessons = 0

/** Learners, instructors and services of koala's that lessons are possible with, where the rest is overridden. */
export async function makeTeachable({ fixtures }: Harness): Promise<void> {
  const changes = [
    `"Student" SET dob = CASE dob WHEN '${MINOR_SINCE}' THEN dob ELSE '1990-01-01' END, "archivedAt" = NULL, "anonymisedAt" = NULL, "permitExpiresOn" = '2050-01-01'`,
    `"Instructor" SET active = true, "teachesAutomatic" = true, "teachesManual" = true`,
    `"Service" SET active = true`,
  ]
  for (const change of changes) await fixtures.query(`UPDATE ${change} WHERE "orgId" = $1`, [fixtures.koala.orgId])
}

/** A lesson at a price, in a year when no canary has one. */
async function order(harness: Harness): Promise<Ready> {
  const { fixtures } = harness
  const year = 2040 + orders++
  const valid = { isDefault: true, validFrom: `${year}-01-01`, validTo: `${year}-12-31` }
  const item = await made(harness, 'RateCardItem', { rateCardId: await made(harness, 'RateCard', valid) })
  await makeTeachable(harness)
  const [found] = await fixtures.query('SELECT "serviceId" FROM "RateCardItem" WHERE id = $1', [item])
  const [studentId, instructorId] = ['Student', 'Instructor'].map((model) => fixtures.koala.base[model]![0])
  const serviceId = found!.serviceId
  return { ids: [], input: { studentId, serviceId, instructorId, startAt: `${year}-02-01 10:00`, override: REASON } }
}
let orders = 0
let moves = 0

/** By the action's name. Every one of src/actions has one here. */
export const actionPlans: Readonly<Record<string, ActionPlan>> = {
  'action-run.approve': decided({}),
  'action-run.reject': decided({ reason: REASON }),
  'booking.book': order,
  'booking.cancel': one('Booking', {}, { cancelledAs: 'admin', refundPercentage: 0, reason: REASON }),
  'booking.complete': one('Booking', () => ({ ...past(), status: 'in_progress' })),
  'booking.confirm': two('Booking', { status: 'requested' }),
  'booking.hold': { doneIn: 'tests/domain/bookings.test.ts' },
  // its outcome is told once, and differs each time
  'booking.issue-gps-token': { doneIn: 'tests/actions/issue-booking-gps-token.test.ts' },
  'booking.mark-no-show': one('Booking', past),
  'booking.record-payment': one('Booking', {}, { method: 'cash' }),
  'booking.request-payment': one('Booking'),
  'booking.refund': async (harness) => {
    const bookingId = await made(harness, 'Booking')
    await made(harness, 'Payment', { ...PAID, bookingId })
    return { ids: [bookingId], input: { reasonCode: 'goodwill', reason: REASON } }
  },
  'booking.repeat-weekly': one('Booking', {}, { weeks: 1 }),
  // on a day of its own: nobody can be at two lessons
  'booking.reschedule': async (harness) => ({
    ids: [await made(harness, 'Booking')],
    input: { startAt: `2033-03-${10 + moves++} 10:00`, movedAs: 'instructor', override: REASON },
  }),
  'booking.start': { doneIn: 'tests/domain/bookings.test.ts' },
  'consent.record': one('Student', {}, { kind: 'marketing', granted: true, method: 'signature', documentVer: '1' }),
  'credential.reject': one('InstructorCredential', { status: 'pending' }, { reason: REASON }),
  'credential.verify': two('InstructorCredential', { status: 'pending', expiresOn: '2040-01-01' }),
  // nothing of theirs may be open
  'guardian.anonymise': { doneIn: 'tests/domain/anonymise.test.ts' },
  'instructor.anonymise': { doneIn: 'tests/domain/anonymise.test.ts' },
  'student.anonymise': { doneIn: 'tests/admin/privacy.test.ts' },
  'user.anonymise': { doneIn: 'tests/domain/anonymise.test.ts' },
  'incident.close': one('Incident', { status: 'open', occurredAt: LONG_AGO }, { reason: REASON }),
  'instructor.reassign-day': one('Instructor', {}, { day: '2031-03-03', reason: REASON }),
  'message.resend': two('Message', { status: 'failed' }),
  'message-template.test': async (harness) => {
    const { fixtures } = harness
    // a school has one of each
    const [known] = await fixtures.query(
      `SELECT id FROM "MessageTemplate" WHERE "orgId" = $1 AND key = 'booking_confirmed' AND channel = 'email'`,
      [fixtures.koala.orgId],
    )
    const wording = { key: 'booking_confirmed', channel: 'email', subject: 'Hello', body: '{{name}}' }
    const id = known ? String(known.id) : await made(harness, 'MessageTemplate', wording)
    return { ids: [id], input: { to: 'me@example.test' } }
  },
  'outbox-delivery.replay': { doneIn: 'tests/actions/outbox-deliveries.test.ts' },
  'outbox-delivery.retry': two('OutboxDelivery', { status: 'dead' }),
  'outbox-delivery.skip': one('OutboxDelivery', { status: 'dead' }, { reason: REASON }),
  'membership.invite': async () => ({
    ids: [],
    input: { fullName: 'Zoë Brandt', email: `${randomUUID()}@example.test`, role: 'finance' },
  }),
  'membership.reset-second-factor': async (harness) => {
    const userId = await harness.fixtures.add(harness.fixtures.koala, 'User')
    const text = `INSERT INTO auth.second_factor ("userId", secret, "confirmedAt") VALUES ($1, 'x', now())`
    await harness.fixtures.query(text, [userId])
    return { ids: [await made(harness, 'UserOrg', { userId, status: 'active' })], input: { reason: REASON } }
  },
  'dispute.accept': one('Dispute', { status: 'needs_response', answer: null, answeredAt: null, evidenceDueBy: null }),
  'dispute.submit-evidence': one(
    'Dispute',
    { status: 'needs_response', answer: null, answeredAt: null, evidenceDueBy: null },
    { uncategorizedText: 'The learner took the lesson as it was booked.' },
  ),
  'reconciliation-exception.explain': one(
    'ReconciliationException',
    { status: 'open', explanation: null, explainedById: null, explainedAt: null },
    { explanation: REASON },
  ),
  'reconciliation-run.start': async () => ({ ids: [], input: {} }),
  'membership.reactivate': one('UserOrg', { status: 'suspended' }),
  'membership.suspend': one('UserOrg', { status: 'active' }, { reason: REASON }),
  'operator-access.end': one('OperatorAccess', {
    endedAt: null,
    endsAt: new Date(Date.now() + 3_600_000),
    startedAt: new Date(),
  }),
  'payment.cancel': one('Payment', { method: 'card', status: 'intent_created' }),
  'payment.record': one('Payment', { purpose: 'reschedule_fee', ...NOT_BEGUN }, { method: 'cash' }),
  'payment.refund': one('Payment', PAID, { reasonCode: 'goodwill', reason: REASON }),
  'payment.request': one('Payment', { purpose: 'reschedule_fee', ...NOT_BEGUN }),
  'instructor.adjust-payable': one('Instructor', {}, { direction: 'pay', amountCents: 1000, reason: REASON }),
  'instructor.send-onboarding-link': one('Instructor', { stripeOnboardingStatus: 'pending' }),
  'payout.add-to-batch': { doneIn: PAYOUTS },
  'payout.hold': one('Payout', { ...OPEN_PAYOUT, holdKind: null }, { reason: REASON }),
  'payout.release': one('Payout', { ...OPEN_PAYOUT, status: 'held', holdKind: 'person' }, { reason: REASON }),
  'payout.remove-from-batch': { doneIn: PAYOUTS },
  'payout.retry': { doneIn: PAYOUTS },
  'payout.reverse': { doneIn: PAYOUTS },
  'payout-batch.approve': { doneIn: PAYOUTS },
  'payout-batch.build': { doneIn: PAYOUTS },
  'payout-batch.cancel': one('PayoutBatch', DRAFT_BATCH),
  'payout-batch.reject': { doneIn: PAYOUTS },
  'payout-batch.retry': { doneIn: PAYOUTS },
  'payout-batch.revise': one('PayoutBatch', { ...DRAFT_BATCH, status: 'rejected' }),
  'payout-batch.submit': { doneIn: PAYOUTS },
  'transfer-reversal.approve': one('TransferReversal', { status: 'pending_approval', requestedById: null }),
  'transfer-reversal.reject': one(
    'TransferReversal',
    { status: 'pending_approval', requestedById: null },
    { reason: REASON },
  ),
  'transfer-reversal.retry': { doneIn: 'tests/stripe/payouts.test.ts' },
  'rate-card.adjust-prices': async (harness) => ({ ids: [await priced(harness)], input: { percent: 500 } }),
  'refund.approve': refunded({ status: 'pending_approval', requestedById: null }),
  'refund.declare-not-made': refunded({ status: 'unknown', stripeRefundId: null }),
  'refund.record-given-back': refunded({ status: 'pending', stripeRefundId: null }, { method: 'cash' }),
  'refund.reject': one('Refund', { status: 'pending_approval', requestedById: null }, { reason: REASON }),
  'refund.see-to': seenTo,
  'refund.retry': refunded({ status: 'failed', stripeRefundId: null, requestedById: null }),
  'stripe-call.ask-again': one('StripeCall', () => ({
    status: 'unknown',
    operation: 'payment.open',
    refType: 'Payment',
    refId: randomUUID(),
    firstTriedAt: LONG_AGO,
    finishedAt: null,
  })),
  'student.add-guardian': one(
    'Student',
    { dob: MINOR_SINCE },
    { fullName: 'Irina Petrov', phone: '0491 570 158', method: 'signature', documentVer: '1' },
  ),
  'student.archive': two('Student', { archivedAt: null }),
  'student.archive-inactive': async (harness) => {
    await made(harness, 'Student', { createdAt: LONG_AGO, archivedAt: null })
    return { ids: [], input: { months: 12 } }
  },
  'webhook-event.replay': two('WebhookEvent', { provider: 'stripe', status: 'failed' }),
  'student.restore': two('Student', { archivedAt: LONG_AGO, anonymisedAt: null }),
}
