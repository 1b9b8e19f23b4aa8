import type { LedgerAccount, PaymentMethod, PaymentStatus } from '@prisma/client'
import { includedGst, splitFee } from '../../src/core/money.ts'
import type { Booked } from './bookings.ts'
import { post } from './ledger.ts'
import type { Row } from './rows.ts'
import { earlier, hoursAfter, minutesAfter, type School } from './school.ts'
import { PLATFORM_FEE_BPS } from './schools.ts'

/** Money that was received for a lesson. */
export interface Paid {
  readonly id: string
  readonly booked: Booked
  readonly at: Date
  readonly amountCents: number
  readonly row: Row<'Payment'>
}

/** Every attempt to pay for a lesson; returns those that brought money. */
export function addPayments(school: School, bookings: readonly Booked[]): Paid[] {
  return bookings.flatMap((booked) => {
    if (booked.outcome.kind === 'hold') addAttempt(school, booked, progressOf(booked.outcome))
    if (booked.outcome.kind === 'expired') addAttempt(school, booked, 'canceled')
    const at = paidAt(booked)
    if (!at || !school.isPast(at)) return []
    if (booked.method === 'card' && school.random(`declined/${booked.id}`).percent(4))
      addAttempt(school, booked, 'failed')
    return [addPayment(school, booked, at)]
  })
}

/** How far the payer of a hold has come. */
function progressOf({ minutesLeft }: { minutesLeft: number }): PaymentStatus {
  if (minutesLeft > 20) return 'intent_created'
  return minutesLeft > 5 ? 'requires_action' : 'processing'
}

/** Cards and packages pay at once, transfers within a day, cash after the lesson; null when nothing was paid. */
function paidAt({ method, steps, start }: Booked): Date | null {
  const confirmed = steps.find((step) => step.to === 'confirmed')?.at
  if (!confirmed) return null
  if (method === 'cash') return steps.find((step) => step.to === 'completed')?.at ?? null
  if (method !== 'bank_transfer') return confirmed
  const arrives = earlier(hoursAfter(confirmed, 20), minutesAfter(start, -30))
  const cancelled = steps.find((step) => step.to === 'cancelled')?.at
  return cancelled && cancelled < arrives ? null : arrives
}

/** An attempt that brought nothing, or nothing yet. */
function addAttempt(school: School, booked: Booked, status: PaymentStatus): void {
  const at = booked.createdAt
  const id = school.newId(`attempt/${booked.id}`, at)
  school.rows.add('Payment', {
    ...paymentRow(school, { id, at, amountCents: booked.priceCents, method: 'card' }),
    bookingId: booked.id,
    studentId: booked.learner.id,
    status,
    failureCode: status === 'failed' ? 'card_declined' : null,
  })
}

function addPayment(school: School, booked: Booked, at: Date): Paid {
  const { method, priceCents: amountCents } = booked
  const id = school.newId(`payment/${booked.id}`, booked.createdAt)
  const row = school.rows.add('Payment', {
    ...paymentRow(school, { id, at: booked.createdAt, amountCents, method }),
    bookingId: booked.id,
    studentId: booked.learner.id,
    // the tax of a prepaid lesson was due when its package was sold
    ...(method === 'credit' ? { gstCents: 0 } : {}),
    ...received(school, { id, at, amountCents, method }),
  })
  postReceipt(school, row, at)
  return { id, booked, at, amountCents, row }
}

interface Sum {
  id: string
  at: Date
  amountCents: number
  method: PaymentMethod
}

/** The part of a row that every payment has, paid or not. */
export function paymentRow(school: School, { id, at, amountCents, method }: Sum) {
  return {
    id,
    orgId: school.id,
    method,
    currency: 'AUD',
    amountCents,
    gstCents: includedGst(amountCents),
    ...splitFee(amountCents, PLATFORM_FEE_BPS),
    refundedCents: 0,
    purpose: 'lesson' as const,
    stripePaymentIntentId: method === 'card' ? school.stripeId('pi', id) : null,
    createdAt: at,
    updatedAt: at,
  }
}

export function received(school: School, { id, at, amountCents, method }: Sum) {
  const card = method === 'card'
  return {
    status: 'succeeded' as const,
    processorFeeCents: card ? processorFee(amountCents) : null,
    stripeChargeId: card ? school.stripeId('ch', id) : null,
    succeededAt: at,
    updatedAt: at,
  }
}

/** 1.7 % and 30 cents. */
const processorFee = (amountCents: number): number => splitFee(amountCents, 170).platformFeeCents + 30

/** Where the money of each method is until something happens with it. */
export const purse: Readonly<Record<PaymentMethod, LedgerAccount>> = {
  card: 'stripe_balance',
  bank_transfer: 'cash',
  cash: 'cash',
  credit: 'learner_credit',
}

/** A lesson paid but not given is owed to the learner; so is a package. */
export function postReceipt(school: School, payment: Row<'Payment'>, at: Date): void {
  const { method, amountCents, processorFeeCents } = payment
  const fee = processorFeeCents ?? 0
  post(school, {
    kind: 'payment.succeeded',
    about: { model: 'Payment', id: payment.id!, bookingId: payment.bookingId ?? null },
    at,
    lines: [
      { account: purse[method!], cents: amountCents - fee },
      { account: 'processor_fees', cents: fee },
      { account: payment.purpose === 'package' ? 'learner_credit' : 'unearned_lessons', cents: -amountCents },
    ],
  })
}
