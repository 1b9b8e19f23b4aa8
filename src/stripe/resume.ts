import { nowOf } from '../core/context.ts'
import { enqueue } from '../core/jobs.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import {
  answerDispute,
  closePayment,
  openAccount,
  openPayment,
  processWebhook,
  reversePayout,
  submitRefund,
  transferPayout,
} from './errands.ts'

/** A job tries for about this long by itself; what is older has nobody. Minutes. */
const TRIED_FOR = 30
/** A question is looked for at Stripe after a day; after two only a person can help. Hours. */
const GIVEN_UP_AFTER = 48
const AT_ONCE = 200

/** By the operation of the call: has it asked again for its row. */
export const errandOf: Readonly<Record<string, (work: UnitOfWork, id: string) => Promise<string>>> = {
  'payment.open': (work, paymentId) => enqueue(work, openPayment, { paymentId }),
  'payment.close': (work, paymentId) => enqueue(work, closePayment, { paymentId }),
  'refund.submit': (work, refundId) => enqueue(work, submitRefund, { refundId }),
  'payout.transfer': (work, payoutId) => enqueue(work, transferPayout, { payoutId }),
  'payout.reverse': (work, reversalId) => enqueue(work, reversePayout, { reversalId }),
  'account.open': (work, instructorId) => enqueue(work, openAccount, { instructorId }),
  'dispute.evidence': (work, disputeId) => enqueue(work, answerDispute, { disputeId }),
  'dispute.accept': (work, disputeId) => enqueue(work, answerDispute, { disputeId }),
}

/**
 * Has tried again what was asked of Stripe, or told by it, and lies there unfinished.
 * @returns how much it was
 */
export async function resume(work: UnitOfWork): Promise<number> {
  const now = nowOf(work).getTime()
  const quiet = new Date(now - TRIED_FOR * 60_000)
  const since = new Date(now - GIVEN_UP_AFTER * 3_600_000)
  const calls = await resumeCalls(work, { quiet, since })
  const payouts = await resumePayouts(work, { quiet, since })
  return calls + payouts + (await resumeEvents(work, { quiet, since }))
}

interface Window {
  /** Nobody has touched it since then. */
  readonly quiet: Date
  /** What is older is given up. */
  readonly since: Date
}

async function resumeCalls(work: UnitOfWork, { quiet, since }: Window): Promise<number> {
  const { orgId } = work
  const calls = await work.tx.stripeCall.findMany({
    where: { orgId, status: { in: ['pending', 'unknown'] }, updatedAt: { lt: quiet }, createdAt: { gt: since } },
    orderBy: { createdAt: 'asc' },
    take: AT_ONCE,
    select: { operation: true, refId: true },
  })
  const known = calls.filter(({ operation }) => errandOf[operation])
  for (const { operation, refId } of known) await errandOf[operation]!(work, refId)
  return known.length
}

/** Approved and not begun: its job was lost before Stripe was asked. */
async function resumePayouts(work: UnitOfWork, { quiet, since }: Window): Promise<number> {
  const payouts = await work.tx.payout.findMany({
    where: {
      orgId: work.orgId,
      status: 'batched',
      batch: { status: { in: ['approved', 'processing'] }, approvedAt: { gt: since } },
      updatedAt: { lt: quiet },
    },
    orderBy: { id: 'asc' },
    take: AT_ONCE,
    select: { id: true },
  })
  for (const { id: payoutId } of payouts) await enqueue(work, transferPayout, { payoutId })
  return payouts.length
}

async function resumeEvents(work: UnitOfWork, { quiet, since }: Window): Promise<number> {
  const events = await work.tx.webhookEvent.findMany({
    where: { orgId: work.orgId, status: 'received', processedAt: null, receivedAt: { lt: quiet, gt: since } },
    orderBy: { receivedAt: 'asc' },
    take: AT_ONCE,
    select: { id: true },
  })
  for (const { id } of events) await enqueue(work, processWebhook, { webhookEventId: id })
  return events.length
}
