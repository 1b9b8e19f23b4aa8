import { nowOf } from '../core/context.ts'
import { enqueue } from '../core/jobs.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'
import { closePayment, openPayment, processWebhook } from './errands.ts'

/** A job tries for about this long by itself; what is older has nobody. Minutes. */
const TRIED_FOR = 30
/** A question is looked for at Stripe after a day; after two only a person can help. Hours. */
const GIVEN_UP_AFTER = 48
const AT_ONCE = 200

/** By the operation of the call. */
const ERRANDS: Readonly<Record<string, typeof openPayment | typeof closePayment>> = {
  'payment.open': openPayment,
  'payment.close': closePayment,
}

/**
 * Has tried again what was asked of Stripe, or told by it, and lies there unfinished.
 * @returns how much it was
 */
export async function resume(work: UnitOfWork): Promise<number> {
  const now = nowOf(work).getTime()
  const quiet = new Date(now - TRIED_FOR * 60_000)
  const since = new Date(now - GIVEN_UP_AFTER * 3_600_000)
  return (await resumeCalls(work, { quiet, since })) + (await resumeEvents(work, { quiet, since }))
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
  const known = calls.filter(({ operation }) => ERRANDS[operation])
  for (const { operation, refId } of known) await enqueue(work, ERRANDS[operation]!, { paymentId: refId })
  return known.length
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
