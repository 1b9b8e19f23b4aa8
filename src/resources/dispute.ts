import { resource } from '../core/declaration.ts'

export default resource('Dispute', {
  title: ['reason', 'amountCents'],
  list: ['openedAt', 'payment', 'reason', 'amountCents', 'feeCents', 'status', 'evidenceDueBy', 'answer', 'closedAt'],
  filters: {
    range: ['openedAt', 'evidenceDueBy', 'amountCents'],
    multi: ['status', 'reason'],
    null: ['closedAt'],
    relation: ['payment'],
  },
  scopes: {
    'To answer': { where: { status: ['warning', 'needs_response'] }, count: true },
    'Under review': { where: { status: 'under_review' }, count: true },
    Won: { where: { status: 'won' }, count: true },
    Lost: { where: { status: 'lost' }, count: true },
    Ended: { where: { status: 'closed' } },
  },
  labels: {
    evidenceDueBy: 'Evidence due',
    stripeDisputeId: 'Stripe dispute',
    answeredAt: 'Answer arrived',
    failureCode: 'Answer refused by Stripe',
  },
  badges: ['status'],
  // Stripe's reasons of a dispute
  values: {
    status: { warning: 'Question of the bank', closed: 'Ended without a charge' },
    answer: { accept: 'Accepted' },
    reason: {
      bank_cannot_process: 'Bank cannot process',
      check_returned: 'Check returned',
      credit_not_processed: 'Credit not processed',
      customer_initiated: 'Started by the customer',
      debit_not_authorized: 'Debit not authorised',
      duplicate: 'Paid twice',
      fraudulent: 'Fraudulent',
      general: 'General',
      incorrect_account_details: 'Incorrect account details',
      insufficient_funds: 'Insufficient funds',
      product_not_received: 'Lesson not received',
      product_unacceptable: 'Lesson not as agreed',
      subscription_canceled: 'Subscription cancelled',
      unrecognized: 'Not recognised',
    },
  },
  related: { transferReversals: { label: 'Taken back from payouts', list: ['payout', 'amountCents', 'status'] } },
  links: {
    'Dispute at Stripe': ({ stripeDisputeId: id }) => id && `https://dashboard.stripe.com/disputes/${id}`,
  },
})
