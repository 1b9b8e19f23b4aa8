import { nowOf } from '../../core/context.ts'
import { includedGst } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Payment } from '../payments/payment.ts'
import { changeAmount } from './change-line.ts'
import { dueShare, type Happening } from './due-share.ts'
import { UNDECIDED } from './hold-payout.ts'
import { isOpen, type Payout, type TransferReversal, transferCents } from './payout.ts'
import { type Cause, cancelReversal, countsAsTakenBack, requestReversal } from './request-reversal.ts'
import { type Standing, standingOf } from './standing.ts'

interface Alignment {
  readonly happening?: Happening
  /** What a reversal is made for, when it comes to that. */
  readonly cause: Cause
  /** Whether a lesson that has no payout yet gets one. */
  readonly begins?: boolean
}

type Line = Payout & { readonly transferReversals: readonly TransferReversal[] }

/**
 * Brings what an instructor gets of a payment to what they are to get of it: an open payout is made, raised, lessened or
 * canceled, a transfer that went out is taken back in part. Told twice it changes nothing. The payment is locked.
 */
export async function alignPayouts(work: UnitOfWork, payment: Payment, alignment: Alignment): Promise<void> {
  const { happening = {}, cause, begins = false } = alignment
  const lines = await lockLines(work, payment.id)
  if (lines.length === 0 && !begins) return
  const standing = await standingOf(work, payment)
  const due = standing ? await dueShare(work, payment, { ...happening, inReview: standing.waits !== null }) : 0
  const live = lines.filter(({ status }) => status !== 'canceled' && status !== 'deducted')
  const has = live.reduce((cents, line) => cents + line.amountCents - takenBack(line), 0)
  if (due < has) await takeAway(work, live, { cents: has - due, cause })
  if (due > has && standing) await give(work, payment, { live, standing, cents: due - has })
}

const takenBack = ({ transferReversals }: Line): number =>
  transferReversals.filter(countsAsTakenBack).reduce((cents, { amountCents }) => cents + amountCents, 0)

/** Batches first, as everybody does. */
async function lockLines(work: UnitOfWork, paymentId: string): Promise<Line[]> {
  const { tx, orgId } = work
  await tx.$queryRaw`SELECT 1 FROM "PayoutBatch" WHERE "orgId" = ${orgId}::uuid AND id IN (SELECT "batchId" FROM "Payout"
    WHERE "orgId" = ${orgId}::uuid AND "paymentId" = ${paymentId}::uuid) ORDER BY id FOR UPDATE`
  await tx.$queryRaw`SELECT 1 FROM "Payout" WHERE "orgId" = ${orgId}::uuid AND "paymentId" = ${paymentId}::uuid
    ORDER BY id FOR UPDATE`
  return await tx.payout.findMany({
    where: { orgId, paymentId },
    orderBy: { id: 'desc' },
    include: { transferReversals: { orderBy: { id: 'desc' } } },
  })
}

/** First of what is not paid, the latest first; then of what is. What neither has is the instructor's debt, in the books. */
async function takeAway(
  work: UnitOfWork,
  live: readonly Line[],
  { cents, cause }: { cents: number; cause: Cause },
): Promise<void> {
  let left = cents
  for (const line of live.filter(isOpen)) {
    const part = Math.min(left, line.amountCents)
    if (part > 0) await changeAmount(work, line, line.amountCents - part)
    left -= part
  }
  for (const line of live.filter((one) => !isOpen(one))) {
    const part = Math.min(left, transferCents(line) - takenBack(line))
    if (part > 0) await requestReversal(work, line, { amountCents: part, cause })
    left -= Math.max(part, 0)
  }
}

interface Given {
  readonly live: readonly Line[]
  readonly standing: Standing
  readonly cents: number
}

/** What nobody has taken back yet stays; the rest is added to what is still open, or is a payout of its own. */
async function give(work: UnitOfWork, payment: Payment, { live, standing, cents }: Given): Promise<void> {
  let left = cents
  for (const reversal of live.flatMap(({ transferReversals }) => transferReversals))
    if (reversal.amountCents <= left && (await cancelReversal(work, reversal))) left -= reversal.amountCents
  if (left === 0) return
  const open = live.find(isOpen)
  if (open) await changeAmount(work, open, open.amountCents + left)
  else await addPayout(work, payment, { standing, cents: left, isFirst: live.length === 0 })
}

interface Added {
  readonly standing: Standing
  readonly cents: number
  readonly isFirst: boolean
}

async function addPayout(work: UnitOfWork, payment: Payment, { standing, cents, isFirst }: Added): Promise<void> {
  const { orgId, tx } = work
  const { kind, bookingId, instructorId, gstRegistered, availableAt, waits } = standing
  const dispute = await tx.dispute.findFirst({
    where: { orgId, paymentId: payment.id, status: { in: [...UNDECIDED] } },
    select: { id: true },
  })
  const hold = waits
    ? ({ status: 'held', holdKind: 'review', holdReason: waits } as const)
    : dispute
      ? ({ status: 'held', holdKind: 'dispute', holdReason: 'The learner’s bank disputes the payment.' } as const)
      : ({ status: 'pending' } as const)
  await tx.payout.create({
    data: {
      orgId,
      instructorId,
      bookingId,
      paymentId: payment.id,
      kind: isFirst ? kind : 'adjustment',
      ...(isFirst ? {} : { reason: 'Taken back before, and owed again' }),
      currency: payment.currency,
      amountCents: cents,
      gstCents: gstRegistered ? includedGst(cents) : 0,
      availableAt,
      ...hold,
      createdAt: nowOf(work),
    },
  })
}
