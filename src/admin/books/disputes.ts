import type { Prisma } from '@prisma/client'
import { type Context, nowOf } from '../../core/context.ts'
import { valueLabel } from '../../core/labels.ts'
import { TO_ANSWER, UNDECIDED } from '../../domain/disputes/dispute.ts'
import declaration from '../../resources/dispute.ts'

/** Decided ones are told for so long. */
const LATELY_DAYS = 60
const DAY_MS = 86_400_000
const MOST = 100

const shown = {
  payment: { include: { student: { select: { id: true, fullName: true } }, booking: { select: { startAt: true } } } },
} satisfies Prisma.DisputeInclude

/** The disputes that somebody has to look after, the one that is due first in front, and what came of the others lately. */
export async function disputesByDueDate(ctx: Context): Promise<object> {
  const { orgId } = ctx
  const lately = new Date(nowOf(ctx).getTime() - LATELY_DAYS * DAY_MS)
  const find = (where: Prisma.DisputeWhereInput, orderBy: Prisma.DisputeOrderByWithRelationInput[]) =>
    ctx.db.read(ctx, (client) =>
      client.dispute.findMany({ where: { orgId, ...where }, orderBy, include: shown, take: MOST }),
    )
  const byDue: Prisma.DisputeOrderByWithRelationInput[] = [
    { evidenceDueBy: { sort: 'asc', nulls: 'last' } },
    { id: 'asc' },
  ]
  const [open, decided] = await Promise.all([
    find({ status: { in: [...UNDECIDED] } }, byDue),
    find({ status: { in: ['won', 'lost', 'closed'] }, closedAt: { gt: lately } }, [
      { closedAt: 'desc' },
      { id: 'asc' },
    ]),
  ])
  const waits = ({ status, answer }: Found) => answer === null && TO_ANSWER.some((one) => one === status)
  const now = nowOf(ctx)
  return {
    toAnswer: open.filter(waits).map((one) => json(one, now)),
    atBank: open.filter((one) => !waits(one)).map((one) => json(one, now)),
    decided: decided.map((one) => json(one, now)),
  }
}

/** The words of the record. */
const reasons = declaration.values?.reason as Readonly<Record<string, string>>

type Found = Prisma.DisputeGetPayload<{ include: typeof shown }>

function json(found: Found, now: Date): object {
  const {
    id,
    status,
    reason,
    amountCents,
    currency,
    evidenceDueBy,
    openedAt,
    closedAt,
    answer,
    answeredAt,
    failureCode,
  } = found
  const { student, booking, id: paymentId } = found.payment
  return {
    id,
    status,
    amountCents,
    currency,
    evidenceDueBy,
    openedAt,
    closedAt,
    answer,
    answeredAt,
    failureCode,
    paymentId,
    reason: reasons[reason] ?? valueLabel(reason),
    learner: student.fullName,
    lessonAt: booking?.startAt ?? null,
    hoursLeft: evidenceDueBy && Math.floor((evidenceDueBy.getTime() - now.getTime()) / 36e5),
  }
}

/** How much somebody has to look after, and until when, for the first page. */
export async function urgentMoney(ctx: Context): Promise<object> {
  const { orgId } = ctx
  const waiting: Prisma.DisputeWhereInput = { orgId, status: { in: [...TO_ANSWER] }, answer: null }
  const [disputes, first, exceptions, refunds, failedPayouts, failedRefunds, batches] = await ctx.db.read(
    ctx,
    (client) =>
      Promise.all([
        client.dispute.count({ where: waiting }),
        client.dispute.findFirst({
          where: waiting,
          orderBy: { evidenceDueBy: 'asc' },
          select: { evidenceDueBy: true },
        }),
        client.reconciliationException.count({ where: { orgId, status: 'open' } }),
        client.refund.count({ where: { orgId, status: 'pending_approval' } }),
        client.payout.count({ where: { orgId, status: 'failed' } }),
        client.refund.count({ where: { orgId, status: 'failed', isSeenTo: false } }),
        client.payoutBatch.count({ where: { orgId, status: 'submitted' } }),
      ]),
  )
  return { disputes, dueBy: first?.evidenceDueBy ?? null, exceptions, refunds, failedPayouts, failedRefunds, batches }
}
