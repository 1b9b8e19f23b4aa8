import { nowOf } from '../../core/context.ts'
import type { Happened } from '../../core/events.ts'
import { formatMoney } from '../../core/money.ts'
import { formatInstant } from '../../core/time.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { onboardingPath } from '../payouts/onboarding-link.ts'
import { requirementWords } from '../payouts/requirement-words.ts'
import { compose, schoolOf, type Written } from './compose.ts'
import { instructorOf } from './people.ts'

/** Tells an instructor what was transferred to them, and for which lesson. */
export async function tellOfPayout(
  work: UnitOfWork,
  { id: cause, recordId, payload }: Happened<'payout.paid'>,
): Promise<Written[]> {
  const { tx, orgId } = work
  const instructor = await instructorOf(work, payload.instructorId)
  // all of it went against a debt: nothing was transferred
  if (!instructor || payload.amountCents === 0) return []
  const payout = await tx.payout.findFirst({
    where: { id: recordId, orgId },
    select: { reason: true, booking: { select: { startAt: true, student: { select: { fullName: true } } } } },
  })
  const { timeZone } = await schoolOf(work)
  const booking = payout?.booking
  const when = booking ? formatInstant(booking.startAt, timeZone, nowOf(work)) : ''
  return await compose(work, {
    kind: 'payout_paid',
    cause,
    to: () => [instructor],
    values: {
      student: booking?.student.fullName ?? '',
      when,
      what: booking ? `the lesson with ${booking.student.fullName} on ${when}` : (payout?.reason ?? 'an adjustment'),
      amount: formatMoney(payload.amountCents, payload.currency),
      reference: recordId.slice(-6),
    },
    about: { model: 'Payout', id: recordId },
    instructorId: instructor.id,
    ...(payload.bookingId ? { bookingId: payload.bookingId } : {}),
  })
}

/** Asks an instructor to go on at Stripe, with the address where. @param appUrl the public address of the program */
export async function tellOfAccount(
  work: UnitOfWork,
  { id: cause, recordId, payload }: Happened<'instructor.account_needs_action'>,
  appUrl: string,
): Promise<Written[]> {
  const instructor = await instructorOf(work, payload.instructorId)
  if (!instructor) return []
  const address = appUrl + (await onboardingPath(work, payload.instructorId))
  return await compose(work, {
    kind: 'account_action_needed',
    cause,
    to: () => [instructor],
    // templates end it with a full stop, which must not stand behind the address
    values: { needed: `${address} (${requirementWords(payload.requirements)})` },
    about: { model: 'Instructor', id: recordId },
    instructorId: instructor.id,
  })
}
