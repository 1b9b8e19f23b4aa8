import type { CancellationActor } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { nowOf } from '../../core/context.ts'
import { invalid } from '../../core/errors.ts'
import { formatMoney, includedGst, splitFee } from '../../core/money.ts'
import { isUnpaid } from '../cancellation.ts'
import type { SchoolRules } from '../school.ts'
import type { Booking } from './change-status.ts'

interface Asked {
  readonly rules: Pick<SchoolRules, 'rescheduleFeeCents' | 'currency'>
  /** On whose behalf. */
  readonly movedAs: CancellationActor | undefined
  /** Only the instructor or the car changes. */
  readonly staysInTime: boolean
}

/**
 * What a move costs the learner, in cents: the fee of the school's settings when the learner or a parent asks for another
 * time of an agreed lesson; nothing for the instructor's or the school's own move (domain.md, Booking rules).
 * @throws AppError Invalid when a fee may be due and nobody has said for whom it is: nobody guesses
 */
export function feeForMove(booking: Pick<Booking, 'status'>, { rules, movedAs, staysInTime }: Asked): number {
  const { rescheduleFeeCents, currency } = rules
  if (rescheduleFeeCents === 0 || staysInTime || isUnpaid(booking.status)) return 0
  if (movedAs === undefined)
    throw invalid(
      `Say who asks for the move: the learner owes ${formatMoney(rescheduleFeeCents, currency)} for it, unless the instructor or the school does.`,
      'movedAs',
    )
  return movedAs === 'student' || movedAs === 'parent' ? rescheduleFeeCents : 0
}

/** Writes down that the fee is due: a payment that nobody has made yet. It is shared as the lesson's price is. */
export async function chargeMove(work: UnitOfWork, booking: Booking, cents: number): Promise<void> {
  if (cents === 0) return
  const { orgId } = work
  const org = await work.tx.org.findFirstOrThrow({ where: { id: orgId }, select: { gstRegistered: true } })
  await work.tx.payment.create({
    data: {
      orgId,
      bookingId: booking.id,
      studentId: booking.studentId,
      purpose: 'reschedule_fee',
      method: 'card',
      status: 'intent_created',
      currency: booking.currency,
      amountCents: cents,
      gstCents: org.gstRegistered ? includedGst(cents) : 0,
      ...splitFee(cents, booking.platformFeeBps),
      createdAt: nowOf(work),
    },
    select: { id: true },
  })
}
