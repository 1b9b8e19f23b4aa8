import type { BookingStatus, Prisma } from '@prisma/client'
import { z } from 'zod'

/** What is told under one name. */
export interface TopicFacts {
  /** Of which model's rows it is told; the events of one row are handled in the order of its versions. */
  readonly of: Prisma.ModelName
  /** Of the payload's shape: rises whenever a handler written for the shape before could not read it. */
  readonly version: number
  readonly payload: z.ZodType<object>
  /** Told for the history alone: that no handler listens is no mistake. */
  readonly unheard?: true
  /** Heard by the program alone: no person is told of it. */
  readonly inside?: true
}

/** A booking as it was at that moment. */
const booking = z.object({
  bookingId: z.uuid(),
  studentId: z.uuid(),
  instructorId: z.uuid(),
  status: z.string(),
  startAt: z.iso.datetime(),
  endAt: z.iso.datetime(),
})

const about = <P extends z.ZodType<object>>(payload: P) => ({ of: 'Booking', version: 1, payload }) as const
const unheard = <F extends TopicFacts>(facts: F) => ({ ...facts, unheard: true }) as const
const inside = <F extends TopicFacts>(facts: F) => ({ ...facts, inside: true }) as const

const moved = booking.extend({
  from: z.object({ startAt: z.iso.datetime(), instructorId: z.uuid() }),
})

/** A payment as it was at that moment. */
const payment = z.object({
  paymentId: z.uuid(),
  bookingId: z.uuid().nullable(),
  studentId: z.uuid(),
  method: z.string(),
  /** Cents. */
  amountCents: z.int(),
  currency: z.string(),
})
const aboutPayment = { of: 'Payment', version: 1, payload: payment } as const

const refund = z.object({
  refundId: z.uuid(),
  paymentId: z.uuid(),
  bookingId: z.uuid().nullable(),
  /** Cents. */
  amountCents: z.int(),
  currency: z.string(),
})
const aboutRefund = { of: 'Refund', version: 1, payload: refund } as const

const dispute = z.object({
  disputeId: z.uuid(),
  paymentId: z.uuid(),
  bookingId: z.uuid().nullable(),
  status: z.string(),
  /** Cents. */
  amountCents: z.int(),
  currency: z.string(),
})
const aboutDispute = { of: 'Dispute', version: 1, payload: dispute } as const

/** What an instructor is paid, as it was at that moment. */
const payout = z.object({
  payoutId: z.uuid(),
  instructorId: z.uuid(),
  bookingId: z.uuid().nullable(),
  /** Cents that were transferred. */
  amountCents: z.int(),
  currency: z.string(),
})
const aboutPayout = { of: 'Payout', version: 1, payload: payout } as const
const reversal = z.object({
  reversalId: z.uuid(),
  payoutId: z.uuid(),
  /** Cents. */
  amountCents: z.int(),
})
const account = z.object({
  instructorId: z.uuid(),
  /** What Stripe still wants to know, in its own words. */
  requirements: z.array(z.string()),
})

/** Everything that is told, by its name in the past tense. An event of another name or shape cannot be written. */
export const topics = {
  'booking.draft': unheard(about(booking)),
  'booking.requested': about(booking),
  'booking.pending_payment': unheard(about(booking)),
  'booking.confirmed': about(booking),
  'booking.in_progress': about(booking),
  'booking.completed': about(booking),
  'booking.cancelled': about(booking),
  'booking.no_show': about(booking),
  'booking.no_show_flagged': unheard(about(booking)),
  'booking.rescheduled': about(moved),
  'payment.requested': unheard(aboutPayment),
  'payment.succeeded': aboutPayment,
  'payment.declined': unheard(aboutPayment),
  'payment.canceled': unheard(aboutPayment),
  'refund.requested': unheard(aboutRefund),
  'refund.approved': inside(aboutRefund),
  'refund.rejected': aboutRefund,
  'refund.succeeded': aboutRefund,
  'refund.failed': unheard(aboutRefund),
  'dispute.opened': aboutDispute,
  'dispute.answered': unheard(aboutDispute),
  'dispute.closed': aboutDispute,
  'payout.paid': aboutPayout,
  'payout.reversal_agreed': { of: 'TransferReversal', version: 1, payload: reversal },
  'instructor.account_needs_action': { of: 'Instructor', version: 1, payload: account },
} as const satisfies Record<string, TopicFacts> & Record<`booking.${Exclude<BookingStatus, 'scheduled'>}`, TopicFacts>

export type Topic = keyof typeof topics
/** What the writer of an event hands over. */
export type PayloadIn<T extends Topic> = z.input<(typeof topics)[T]['payload']>
/** What its handlers see. */
export type Payload<T extends Topic> = z.output<(typeof topics)[T]['payload']>
