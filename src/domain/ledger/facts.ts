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

/** What all facts say alike; of what the caller has besides nothing comes into the books. */
const factOf = (kind: string, of: Fact['of'], { id, bookingId, currency }: About, lines: readonly Line[]): Fact => ({
  kind,
  of,
  id,
  bookingId,
  currency,
  lines,
})

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
  const { method, amountCents } = payment
  const fee = payment.processorFeeCents ?? 0
  return factOf('payment.succeeded', 'Payment', payment, [
    { account: purseOf[method], cents: amountCents - fee },
    { account: 'processor_fees', cents: fee },
    ...owedFor(payment),
  ])
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
export const processorFeeKept = (about: About, feeCents: number): Fact =>
  factOf('payment.fee_kept', 'Payment', about, [
    { account: 'processor_fees', cents: feeCents },
    { account: 'stripe_balance', cents: -feeCents },
  ])

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
  /** What was paid for; a lesson when nothing is said. */
  readonly purpose?: PaymentPurpose
}

/** Money is to go back; who bears it is settled, the money is still there. */
export const refundAgreed = (refund: AgreedRefund): Fact =>
  factOf('refund.approved', 'Refund', refund, [
    ...bearersOf(refund),
    { account: 'refunds', cents: -refund.amountCents },
  ])

function bearersOf({ amountCents, platformFeeCents, instructorShareCents, ...refund }: AgreedRefund): Line[] {
  const { purpose = 'lesson', instructorId } = refund
  if (purpose === 'package') return [{ account: 'learner_credit', cents: amountCents }]
  const fee: Line = { account: 'platform_fee', cents: platformFeeCents }
  // a fee for moving or cancelling was earned by the school
  if (purpose !== 'lesson') return [fee, { account: 'school_income', cents: instructorShareCents }]
  if (!refund.earned) return [{ account: 'unearned_lessons', cents: amountCents }]
  return [fee, { account: 'instructor_payable', cents: instructorShareCents, instructorId }]
}

/** The money has gone back, the way it came or as credit. */
export const refundPaid = (
  { amountCents, ...about }: About & { readonly amountCents: number },
  method: PaymentMethod,
): Fact =>
  factOf('refund.succeeded', 'Refund', about, [
    { account: 'refunds', cents: amountCents },
    { account: purseOf[method], cents: -amountCents },
  ])

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
export const payoutPaid = ({ instructorId, amountCents, ...about }: InstructorsMoney): Fact =>
  factOf('payout.paid', 'Payout', about, [
    { account: 'instructor_payable', cents: amountCents, instructorId },
    { account: 'stripe_balance', cents: -amountCents },
  ])

/** Part of it came back. @param reversal whose id is that of the TransferReversal */
export const payoutReversed = ({ instructorId, amountCents, ...about }: InstructorsMoney): Fact =>
  factOf('payout.reversed', 'TransferReversal', about, [
    { account: 'stripe_balance', cents: amountCents },
    { account: 'instructor_payable', cents: -amountCents, instructorId },
  ])

export interface DisputedPayment extends About {
  readonly amountCents: number
  /** What the bank charges for asking. */
  readonly feeCents: number
}

/** A bank took money back until it has decided. */
export const disputeOpened = ({ amountCents, feeCents, ...about }: DisputedPayment): Fact =>
  factOf('dispute.opened', 'Dispute', about, [
    { account: 'disputes', cents: amountCents },
    { account: 'processor_fees', cents: feeCents },
    { account: 'stripe_balance', cents: -amountCents - feeCents },
  ])

/** The bank gives it back, and perhaps what it charged. */
export const disputeWon = ({ amountCents, ...about }: Omit<DisputedPayment, 'feeCents'>, feeBackCents = 0): Fact =>
  factOf('dispute.won', 'Dispute', about, [
    { account: 'stripe_balance', cents: amountCents + feeBackCents },
    { account: 'processor_fees', cents: -feeBackCents },
    { account: 'disputes', cents: -amountCents },
  ])

/** Who bears what a bank keeps. */
export interface BorneLoss extends Split {
  readonly instructorId: string | null
  /** Whether the lesson was earned before; it was when nothing is said. */
  readonly earned?: boolean
  readonly purpose?: PaymentPurpose
  /** Cents of it that were refunded before, so that the learner has them twice: the school bears those. */
  readonly beyondCents?: number
}

/** The bank keeps it: who would have given it back by a refund bears it. */
export const disputeLost = (
  { amountCents, ...about }: Omit<DisputedPayment, 'feeCents'>,
  { beyondCents = 0, earned = true, ...loss }: BorneLoss,
): Fact =>
  factOf('dispute.lost', 'Dispute', about, [
    ...bearersOf({ ...about, ...loss, earned, amountCents: amountCents - beyondCents }),
    { account: 'school_income', cents: beyondCents },
    { account: 'disputes', cents: -amountCents },
  ])

/** The school settles something with an instructor. @param amountCents above zero is owed to the instructor, below by */
export const payableAdjusted = ({ instructorId, amountCents, ...about }: InstructorsMoney): Fact =>
  factOf('payable.adjusted', 'Payout', about, [
    { account: 'school_income', cents: amountCents },
    { account: 'instructor_payable', cents: -amountCents, instructorId },
  ])
