import { nowOf } from '../../core/context.ts'
import { partOf } from '../../core/money.ts'
import { lockRow } from '../../core/lock-row.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Payment } from '../payments/payment.ts'
import type { Refund } from './refund.ts'

/** The learner gets it as credit: back to the credit it was taken from, or as a new one worth as many minutes as it paid for. */
export async function giveCredit(work: UnitOfWork, payment: Payment, refund: Refund): Promise<void> {
  const used = payment.method === 'credit' ? await takenFrom(work, payment) : null
  if (used) await giveBack(work, used, refund)
  else await grant(work, payment, refund)
}

interface Used {
  readonly grantId: string
  readonly bookingId: string
  /** Above zero. */
  readonly minutes: number
  readonly valueCents: number
}

async function takenFrom({ tx, orgId }: UnitOfWork, { bookingId }: Payment): Promise<Used | null> {
  if (!bookingId) return null
  const entry = await tx.creditEntry.findFirst({
    where: { orgId, bookingId, valueCents: { lt: 0 } },
    orderBy: { createdAt: 'desc' },
    select: { grantId: true, minutes: true, valueCents: true },
  })
  return entry && { grantId: entry.grantId, bookingId, minutes: 0 - entry.minutes, valueCents: 0 - entry.valueCents }
}

async function giveBack(work: UnitOfWork, used: Used, { amountCents, reason }: Refund): Promise<void> {
  const { tx, orgId, userId } = work
  const { grantId, bookingId } = used
  await lockRow(work, 'CreditGrant', grantId)
  const { _sum: before } = await tx.creditEntry.aggregate({
    where: { orgId, grantId, bookingId, valueCents: { gt: 0 } },
    _sum: { minutes: true, valueCents: true },
  })
  // counted from the beginning, so that parts of minutes do not add up to more than was used
  const backAfter = partOf(used.minutes, (before.valueCents ?? 0) + amountCents, used.valueCents)
  const minutes = Math.min(backAfter, used.minutes) - (before.minutes ?? 0)
  await tx.creditGrant.updateMany({
    where: { id: grantId, orgId },
    data: { minutesLeft: { increment: minutes }, valueLeft: { increment: amountCents } },
  })
  const back = { minutes, valueCents: amountCents, reason, actorId: userId, createdAt: nowOf(work) }
  await tx.creditEntry.create({ data: { orgId, grantId, bookingId, ...back } })
}

async function grant(work: UnitOfWork, payment: Payment, { amountCents }: Refund): Promise<void> {
  const { tx, orgId } = work
  const minutes = Math.max(1, await minutesFor(work, payment, amountCents))
  const value = { minutes, minutesLeft: minutes, valueCents: amountCents, valueLeft: amountCents }
  const { studentId, id: paymentId } = payment
  await tx.creditGrant.create({
    data: { orgId, studentId, paymentId, source: 'refund', ...value, createdAt: nowOf(work) },
  })
}

/** As much driving as the amount paid for. */
async function minutesFor({ tx, orgId }: UnitOfWork, { bookingId }: Payment, cents: number): Promise<number> {
  if (!bookingId) return 0
  const where = { id: bookingId, orgId }
  const { startAt, endAt, priceCents } = await tx.booking.findFirstOrThrow({ where })
  return priceCents === 0 ? 0 : partOf(Math.round((endAt.getTime() - startAt.getTime()) / 60_000), cents, priceCents)
}
