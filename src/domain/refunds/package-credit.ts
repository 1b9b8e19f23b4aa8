import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import { formatMoney, partOf } from '../../core/money.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import type { Payment } from '../payments/payment.ts'
import type { Refund } from './refund.ts'

const reasonOf = ({ id }: Refund): string => `Refund ${id}`

/**
 * What goes back for a package is no longer the learner's credit. Of a refund that was made past this program it is as much
 * as is there: that money has gone.
 * @throws AppError Conflict when it is used already
 */
export async function takeFromPackage(work: UnitOfWork, payment: Payment, refund: Refund): Promise<void> {
  const { id, minutesLeft, valueLeft } = await lockGrant(work, payment)
  const { currency, isImported } = refund
  const amountCents = isImported ? Math.min(refund.amountCents, valueLeft) : refund.amountCents
  if (amountCents === 0) return
  if (amountCents > valueLeft)
    throw conflict(
      `Of this package ${formatMoney(valueLeft, currency)} is unused, and only that can be refunded: the rest was driven.`,
    )
  await enter(work, id, {
    minutes: 0 - partOf(minutesLeft, amountCents, valueLeft),
    valueCents: 0 - amountCents,
    reason: reasonOf(refund),
  })
}

/** The refund came to nothing: the credit is there again. */
export async function giveBackToPackage(work: UnitOfWork, payment: Payment, refund: Refund): Promise<void> {
  const { id } = await lockGrant(work, payment)
  const { _sum: sum } = await work.tx.creditEntry.aggregate({
    where: { orgId: work.orgId, grantId: id, reason: reasonOf(refund) },
    _sum: { minutes: true, valueCents: true },
  })
  await enter(work, id, {
    minutes: 0 - (sum.minutes ?? 0),
    valueCents: 0 - (sum.valueCents ?? 0),
    reason: reasonOf(refund),
  })
}

async function lockGrant({ tx, orgId }: UnitOfWork, { id: paymentId }: Payment) {
  await tx.$queryRaw`SELECT 1 FROM "CreditGrant"
    WHERE "paymentId" = ${paymentId}::uuid AND "orgId" = ${orgId}::uuid AND source = 'purchase' FOR UPDATE`
  const grant = await tx.creditGrant.findFirst({ where: { orgId, paymentId, source: 'purchase' } })
  if (!grant)
    throw conflict('The credit that was bought with this payment is not there, so nobody knows what is unused.')
  return grant
}

interface Entry {
  readonly minutes: number
  readonly valueCents: number
  readonly reason: string
}

async function enter(work: UnitOfWork, grantId: string, entry: Entry): Promise<void> {
  const { tx, orgId, userId } = work
  await tx.creditGrant.updateMany({
    where: { id: grantId, orgId },
    data: { minutesLeft: { increment: entry.minutes }, valueLeft: { increment: entry.valueCents } },
  })
  await tx.creditEntry.create({ data: { orgId, grantId, ...entry, actorId: userId, createdAt: nowOf(work) } })
}
