import type { LedgerAccount, PaymentMethod, PaymentPurpose } from '@prisma/client'
import type { Fact, Line } from './post.ts'

/** What is split between the platform and an instructor, in cents. */
export interface Split {
  readonly platformFeeCents: number
  readonly instructorShareCents: number
}

interface About {
  readonly id: string
  readonly bookingId: string | null
  readonly currency: string
}

export interface ReceivedPayment extends About, Split {
  readonly method: PaymentMethod
  readonly purpose: PaymentPurpose
  readonly amountCents: number
  /** What Stripe kept; null when that is not known yet. */
  readonly processorFeeCents: number | null
}

/** Where the money of each method is until something happens with it. What a bank received is not at Stripe. */
export const purseOf: Readonly<Record<PaymentMethod, LedgerAccount>> = {
  card: 'stripe_balance',
  cash: 'cash',
  bank_transfer: 'cash',
  credit: 'learner_credit',
}

/** Money came in. A lesson that is paid but not given is owed to the learner, and so is a package. */
export function paymentReceived(payment: ReceivedPayment): Fact {
  const { id, bookingId, currency, method, amountCents } = payment
  const fee = payment.processorFeeCents ?? 0
  return {
    kind: 'payment.succeeded',
    of: 'Payment',
    id,
    bookingId,
    currency,
    lines: [
      { account: purseOf[method], cents: amountCents - fee },
      { account: 'processor_fees', cents: fee },
      ...owedFor(payment),
    ],
  }
}

function owedFor({ purpose, amountCents, platformFeeCents, instructorShareCents }: ReceivedPayment): Line[] {
  if (purpose === 'lesson') return [{ account: 'unearned_lessons', cents: -amountCents }]
  if (purpose === 'package') return [{ account: 'learner_credit', cents: -amountCents }]
  // a fee for moving or cancelling is earned at once
  return [
    { account: 'platform_fee', cents: -platformFeeCents },
    { account: 'school_income', cents: -instructorShareCents },
  ]
}

/** Stripe says later what it has kept. */
export const processorFeeKept = ({ id, bookingId, currency }: About, feeCents: number): Fact => ({
  kind: 'payment.fee_kept',
  of: 'Payment',
  id,
  bookingId,
  currency,
  lines: [
    { account: 'processor_fees', cents: feeCents },
    { account: 'stripe_balance', cents: -feeCents },
  ],
})

export interface Earned extends Split {
  readonly bookingId: string
  readonly instructorId: string
  readonly currency: string
  readonly kind: 'lesson.completed' | 'booking.late_cancel_kept' | 'booking.no_show_kept'
}

/** A lesson was given, or called off too late: what was owed to the learner is earned. */
export const lessonEarned = ({ bookingId, instructorId, currency, kind, ...split }: Earned): Fact => ({
  kind,
  of: 'Booking',
  id: bookingId,
  bookingId,
  currency,
  lines: [
    { account: 'unearned_lessons', cents: split.platformFeeCents + split.instructorShareCents },
    { account: 'platform_fee', cents: -split.platformFeeCents },
    { account: 'instructor_payable', cents: -split.instructorShareCents, instructorId },
  ],
})

export interface AgreedRefund extends About, Split {
  readonly amountCents: number
  readonly instructorId: string | null
  /** Whether the lesson was earned before: then the platform and the instructor give back their parts. */
  readonly earned: boolean
}

/** Money is to go back; who bears it is settled, the money is still there. */
export function refundAgreed(refund: AgreedRefund): Fact {
  const { id, bookingId, currency, amountCents, platformFeeCents, instructorShareCents, instructorId } = refund
  const bears: Line[] = refund.earned
    ? [
        { account: 'platform_fee', cents: platformFeeCents },
        { account: 'instructor_payable', cents: instructorShareCents, instructorId },
      ]
    : [{ account: 'unearned_lessons', cents: amountCents }]
  return {
    kind: 'refund.approved',
    of: 'Refund',
    id,
    bookingId,
    currency,
    lines: [...bears, { account: 'refunds', cents: -amountCents }],
  }
}

/** The money has gone back, the way it came or as credit. */
export const refundPaid = (
  { id, bookingId, currency, amountCents }: About & { readonly amountCents: number },
  method: PaymentMethod,
): Fact => ({
  kind: 'refund.succeeded',
  of: 'Refund',
  id,
  bookingId,
  currency,
  lines: [
    { account: 'refunds', cents: amountCents },
    { account: purseOf[method], cents: -amountCents },
  ],
})

/** A fact that turned out not to hold; the books keep both. @param kind for example `refund.failed` */
export const reversed = (fact: Fact, kind: string, part?: string): Fact => ({
  ...fact,
  kind,
  ...(part ? { part } : {}),
  lines: fact.lines.map((line) => ({ ...line, cents: -line.cents })),
})

export interface InstructorsMoney extends About {
  readonly instructorId: string
  readonly amountCents: number
}

/** An instructor got what was owed. */
export const payoutPaid = ({ id, bookingId, currency, instructorId, amountCents }: InstructorsMoney): Fact => ({
  kind: 'payout.paid',
  of: 'Payout',
  id,
  bookingId,
  currency,
  lines: [
    { account: 'instructor_payable', cents: amountCents, instructorId },
    { account: 'stripe_balance', cents: -amountCents },
  ],
})

/** Part of it came back. @param reversal whose id is that of the TransferReversal */
export const payoutReversed = ({ id, bookingId, currency, instructorId, amountCents }: InstructorsMoney): Fact => ({
  kind: 'payout.reversed',
  of: 'TransferReversal',
  id,
  bookingId,
  currency,
  lines: [
    { account: 'stripe_balance', cents: amountCents },
    { account: 'instructor_payable', cents: -amountCents, instructorId },
  ],
})

export interface DisputedPayment extends About {
  readonly amountCents: number
  /** What the bank charges for asking. */
  readonly feeCents: number
}

/** A bank took money back until it has decided. */
export const disputeOpened = ({ id, bookingId, currency, amountCents, feeCents }: DisputedPayment): Fact => ({
  kind: 'dispute.opened',
  of: 'Dispute',
  id,
  bookingId,
  currency,
  lines: [
    { account: 'disputes', cents: amountCents },
    { account: 'processor_fees', cents: feeCents },
    { account: 'stripe_balance', cents: -amountCents - feeCents },
  ],
})

export const disputeWon = ({ id, bookingId, currency, amountCents }: DisputedPayment): Fact => ({
  kind: 'dispute.won',
  of: 'Dispute',
  id,
  bookingId,
  currency,
  lines: [
    { account: 'stripe_balance', cents: amountCents },
    { account: 'disputes', cents: -amountCents },
  ],
})

/** The bank keeps it: the platform and the instructor bear their parts. */
export const disputeLost = (
  { id, bookingId, currency, amountCents }: DisputedPayment,
  { platformFeeCents, instructorShareCents, instructorId }: Split & { readonly instructorId: string },
): Fact => ({
  kind: 'dispute.lost',
  of: 'Dispute',
  id,
  bookingId,
  currency,
  lines: [
    { account: 'platform_fee', cents: platformFeeCents },
    { account: 'instructor_payable', cents: instructorShareCents, instructorId },
    { account: 'disputes', cents: -amountCents },
  ],
})

/** The school settles something with an instructor. @param amountCents above zero is owed to the instructor, below by */
export const payableAdjusted = ({ id, bookingId, currency, instructorId, amountCents }: InstructorsMoney): Fact => ({
  kind: 'payable.adjusted',
  of: 'Payout',
  id,
  bookingId,
  currency,
  lines: [
    { account: 'school_income', cents: amountCents },
    { account: 'instructor_payable', cents: -amountCents, instructorId },
  ],
})
