import type Stripe from 'stripe'
import { move } from './balance.ts'
import type { Call, Handler } from './call.ts'
import { page } from './lists.ts'
import { impossible, missing } from './problem.ts'

/** What the bank charges for a dispute, in cents. */
const FEE = 2_500
const DAYS_TO_ANSWER = 8
const DAY_SECONDS = 86_400

const TEXTS = (
  'access_activity_log billing_address cancellation_policy_disclosure cancellation_rebuttal ' +
  'customer_email_address customer_name customer_purchase_ip product_description service_date ' +
  'refund_policy_disclosure refund_refusal_explanation uncategorized_text customer_communication ' +
  'service_documentation uncategorized_file cancellation_policy receipt'
).split(' ')

interface Complaint {
  /** Cents; all of it when nothing is said. */
  readonly amount?: number | undefined
  readonly reason?: string | undefined
}

/** The learner's bank takes the money back until it has decided. */
export function openDispute(call: Call, charge: Stripe.Charge, complaint: Complaint): Stripe.Dispute {
  const { state } = call
  if (charge.status !== 'succeeded') throw impossible('charge_not_succeeded', 'Only what was paid can be disputed.')
  if (charge.disputed) throw impossible('charge_disputed', 'This charge is disputed already.')
  const id = state.newId('dispute')
  const amount = complaint.amount ?? charge.amount
  const line = move(state, { type: 'adjustment', amount: -amount, fee: FEE, currency: charge.currency, source: id })
  const dispute = state.put('dispute', {
    ...newDispute(call, charge, { id, amount }),
    reason: complaint.reason ?? 'fraudulent',
    balance_transactions: [line],
  })
  state.put('charge', { ...charge, disputed: true })
  call.emit('charge.dispute.created', dispute)
  call.emit('charge.dispute.funds_withdrawn', dispute)
  return dispute
}

function newDispute({ state }: Call, charge: Stripe.Charge, sum: { id: string; amount: number }): Stripe.Dispute {
  return {
    ...sum,
    object: 'dispute',
    balance_transactions: [],
    charge: charge.id,
    created: state.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: Object.fromEntries(TEXTS.map((name) => [name, null])) as unknown as Stripe.Dispute.Evidence,
    evidence_details: {
      due_by: state.now() + DAYS_TO_ANSWER * DAY_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: null,
    } as unknown as Stripe.Dispute.EvidenceDetails,
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: 'fraudulent',
    status: 'needs_response',
  }
}

/** The bank has decided. */
export function closeDispute(call: Call, id: string, outcome: 'won' | 'lost'): Stripe.Dispute {
  const { state } = call
  const before = disputeOf(call, id)
  if (['won', 'lost'].includes(before.status)) throw impossible('dispute_closed', 'This dispute is decided already.')
  const back =
    outcome === 'won'
      ? [move(state, { type: 'adjustment', amount: before.amount, currency: before.currency, source: id })]
      : []
  const dispute = state.put('dispute', {
    ...before,
    status: outcome,
    balance_transactions: [...before.balance_transactions, ...back],
  })
  call.emit('charge.dispute.closed', dispute)
  if (outcome === 'won') call.emit('charge.dispute.funds_reinstated', dispute)
  return dispute
}

const update: Handler = (call) => {
  const { state, form } = call
  form.only('evidence', 'metadata', 'submit')
  const before = disputeOf(call, call.ids[0] ?? '')
  if (before.status !== 'needs_response')
    throw impossible('dispute_not_open', `You cannot submit evidence for a dispute that is ${before.status}.`)
  const submit = form.flag('submit')
  const dispute = state.put('dispute', {
    ...before,
    evidence: { ...before.evidence, ...form.branch('evidence') },
    evidence_details: {
      ...before.evidence_details,
      has_evidence: true,
      submission_count: before.evidence_details.submission_count + (submit ? 1 : 0),
    },
    status: submit ? 'under_review' : before.status,
  })
  call.emit('charge.dispute.updated', dispute)
  return dispute
}

const close: Handler = (call) => closeDispute(call, call.ids[0] ?? '', 'lost')
const retrieve: Handler = (call) => disputeOf(call, call.ids[0] ?? '')

const list: Handler = ({ state, form }) => {
  form.only('limit', 'starting_after', 'ending_before', 'created', 'charge', 'payment_intent')
  const [charge, intent] = [form.text('charge'), form.text('payment_intent')]
  const wanted = state
    .all('dispute')
    .filter((one) => (!charge || one.charge === charge) && (!intent || one.payment_intent === intent))
  return page(form, wanted, '/v1/disputes')
}

function disputeOf({ state }: Call, id: string): Stripe.Dispute {
  const dispute = state.find('dispute', id)
  if (!dispute) throw missing('dispute', id)
  return dispute
}

export const disputeRoutes: readonly (readonly [string, string, Handler])[] = [
  ['GET', '/v1/disputes', list],
  ['GET', '/v1/disputes/:id', retrieve],
  ['POST', '/v1/disputes/:id', update],
  ['POST', '/v1/disputes/:id/close', close],
]
