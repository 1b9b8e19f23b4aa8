import type { LedgerTransaction } from '@prisma/client'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Earned, lessonEarned, reversed } from '../ledger/facts.ts'
import { post } from '../ledger/post.ts'
import { timesTold } from '../ledger/take-back.ts'
import { lockPayment, type Payment, RECEIVED } from '../payments/payment.ts'
import { alignPayouts } from './align-payouts.ts'
import { keptOf } from './due-share.ts'
import { freePayout } from './hold-payout.ts'
import { lockPayout } from './payout.ts'
import { type Standing, standingOf } from './standing.ts'

const FACTS = {
  lesson: 'lesson.completed',
  late_cancel: 'booking.late_cancel_kept',
  no_show: 'booking.no_show_kept',
} as const satisfies Record<Standing['kind'], Earned['kind']>
const EARNED = Object.values(FACTS)
const TAKEN_BACK = 'lesson.taken_back'

/**
 * Brings the books and the instructor's payout to where a lesson and its payment stand: earned once it is over, paid and,
 * where money is kept for a lesson that was not given, reviewed; taken back when the lesson turns out not to be over.
 * Whoever comes first, payment or completion, and however often it is told, it happens once.
 */
export async function earn(work: UnitOfWork, bookingId: string): Promise<void> {
  const found = await work.tx.payment.findFirst({
    where: { orgId: work.orgId, bookingId, purpose: 'lesson', status: { in: [...RECEIVED] } },
    orderBy: { createdAt: 'desc' },
    select: { id: true },
  })
  if (!found) return
  const payment = await lockPayment(work, found.id)
  const standing = await standingOf(work, payment)
  const posted = await postedEarning(work, bookingId)
  if (!standing && posted) await postTakenBack(work, payment, posted)
  if (standing && !standing.waits && !posted) await postEarned(work, payment, standing)
  const reason = 'The lesson turned out not to be over, or not to be paid'
  await alignPayouts(work, payment, { cause: { reason }, begins: true })
  if (standing) await review(work, payment, standing)
}

/** The earning that stands in the books, unless it was taken back since. */
async function postedEarning(work: UnitOfWork, bookingId: string): Promise<LedgerTransaction | null> {
  const where = { orgId: work.orgId, refType: 'Booking', refId: bookingId }
  const facts = await work.tx.ledgerTransaction.findMany({
    where: { ...where, kind: { in: [...EARNED, TAKEN_BACK] } },
    orderBy: { id: 'asc' },
  })
  const latest = facts.at(-1)
  return latest && latest.kind !== TAKEN_BACK ? latest : null
}

async function postEarned(work: UnitOfWork, payment: Payment, standing: Standing): Promise<void> {
  const kept = await keptOf(work, payment)
  const { bookingId, instructorId } = standing
  const fact = lessonEarned({
    bookingId,
    instructorId,
    currency: payment.currency,
    kind: FACTS[standing.kind],
    ...kept,
  })
  const times = await timesTold(work, fact)
  await post(work, times === 0 ? fact : { ...fact, part: String(times + 1) })
}

/** Everything that is left of it, after the refunds since, is owed to the learner again. */
async function postTakenBack(work: UnitOfWork, payment: Payment, { kind, refId }: LedgerTransaction): Promise<void> {
  const where = { id: refId, orgId: work.orgId }
  const { instructorId } = await work.tx.booking.findFirstOrThrow({ where, select: { instructorId: true } })
  const kept = await keptOf(work, payment)
  const about = { bookingId: refId, instructorId, currency: payment.currency, kind: kind as Earned['kind'] }
  const fact = reversed(lessonEarned({ ...about, ...kept }), TAKEN_BACK)
  const times = await timesTold(work, fact)
  await post(work, times === 0 ? fact : { ...fact, part: String(times + 1) })
}

/** Once the review is over a payout that waited for it goes on; until then it says what it waits for. */
async function review(work: UnitOfWork, { id }: Payment, { waits, availableAt }: Standing): Promise<void> {
  const inReview = await work.tx.payout.findMany({
    where: { orgId: work.orgId, paymentId: id, holdKind: 'review', status: 'held' },
    select: { id: true },
  })
  for (const { id: payoutId } of inReview) {
    const payout = await lockPayout(work, payoutId)
    if (waits === null) await freePayout(work, { ...payout, availableAt })
    else if (payout.holdReason !== waits)
      await work.tx.payout.updateMany({ where: { id: payoutId, orgId: work.orgId }, data: { holdReason: waits } })
  }
}
