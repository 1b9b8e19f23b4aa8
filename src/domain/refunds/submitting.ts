import { isUuid } from '../../core/context.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { changeRefund, lockRefund, ON_ITS_WAY } from './refund.ts'

/** Whether Stripe is still to be asked for a refund; it is locked, and being submitted, from here on. */
export async function beginSubmitting(work: UnitOfWork, refundId: string): Promise<boolean> {
  const refund = await lockRefund(work, refundId)
  const { status, method, stripeRefundId } = refund
  if (method !== 'original' || stripeRefundId !== null) return false
  if (status === 'approved') await changeRefund(work, refund, { status: 'submitting' })
  return status === 'approved' || status === 'submitting'
}

const NO_ANSWER = 'Stripe has not answered yet, so it may have happened. It is asked again by itself.'
const STUCK = 'Stripe has not answered for a day. Look for it in the Stripe dashboard, by the amount and the payment.'

/** No answer came, so it may have happened: its amount stays taken. Nothing changes when the question was never sent. */
export async function noteUnknown(
  work: UnitOfWork,
  refundId: string,
  { isStuck = false }: { readonly isStuck?: boolean } = {},
): Promise<void> {
  const refund = await lockRefund(work, refundId)
  if (refund.status !== 'submitting' && refund.status !== 'unknown') return
  const where = { orgId: work.orgId, refId: refundId, operation: 'refund.submit', status: 'unknown' } as const
  if ((await work.tx.stripeCall.count({ where })) === 0) return
  const note = isStuck ? STUCK : NO_ANSWER
  if (refund.status === 'unknown' && refund.note === note) return
  await changeRefund(work, refund, { status: 'unknown', note })
}

/**
 * Which refund of ours one at Stripe is: it bears its id, or it was asked for and its answer has not been written down yet.
 * @param named what it says itself of whose it is; believed only for a refund of this payment that waits for its id
 * @returns undefined for one that was made past this program
 */
export async function awaitedRefund(
  { tx, orgId }: UnitOfWork,
  { paymentId, stripeId, named }: { paymentId: string; stripeId: string; named: string | undefined },
): Promise<string | undefined> {
  const known = await tx.refund.findFirst({ where: { orgId, stripeRefundId: stripeId }, select: { id: true } })
  if (known) return known.id
  if (!isUuid(named)) return undefined
  const where = { id: named, orgId, paymentId, stripeRefundId: null, status: { in: [...ON_ITS_WAY] } }
  return (await tx.refund.findFirst({ where, select: { id: true } }))?.id
}
