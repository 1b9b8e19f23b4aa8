import { randomBytes } from 'node:crypto'
import type { PaymentMethod } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { paymentReceived } from '../ledger/facts.ts'
import { post } from '../ledger/post.ts'
import { FEES, isReceived, lockPaymentAlone, type Payment, tellPayment } from './payment.ts'

// A fee for moving or cancelling a lesson is written down as due when it arises; here it is collected. Whether the lesson
// takes place does not matter.

const isFee = ({ purpose }: Pick<Payment, 'purpose'>): boolean => FEES.some((one) => one === purpose)
const ONLY_FEES = 'Only a fee is collected here. Ask for the price of a lesson on its booking.'

/** Whether a page to pay can be made for it, or the sentence why not. */
export function canAskFor(fee: Pick<Payment, 'purpose' | 'status' | 'payToken'>): true | string {
  if (!isFee(fee)) return ONLY_FEES
  if (fee.payToken) return 'There is a page to pay it already: see its link.'
  return fee.status === 'intent_created' || 'This fee is not due any more.'
}

/** Whether it can be recorded as received, or the sentence why not: never beside a card payment under way. */
export function canRecord(
  fee: Pick<Payment, 'purpose' | 'status' | 'payToken' | 'stripePaymentIntentId'>,
): true | string {
  if (!isFee(fee)) return ONLY_FEES
  if (isReceived(fee)) return 'This fee is paid already.'
  // one whose page was closed can still be paid by other means
  if (fee.status === 'canceled') return true
  const isUntouched = fee.status === 'intent_created' && !fee.payToken && !fee.stripePaymentIntentId
  return isUntouched || 'A card payment for this fee is under way. Cancel that first, or wait for it.'
}

/** Makes a page on which the fee is paid by card; Stripe is told afterwards. @throws AppError Conflict when it cannot be */
export async function askForFee(work: UnitOfWork, id: string): Promise<Payment> {
  const fee = await lockPaymentAlone(work, id)
  const answer = canAskFor(fee)
  if (answer !== true) throw conflict(answer)
  const data = { payToken: randomBytes(24).toString('base64url'), version: fee.version + 1 }
  await work.tx.payment.updateMany({ where: { id, orgId: work.orgId }, data })
  const asked = { ...fee, ...data }
  await tellPayment(work, 'payment.requested', asked)
  return asked
}

/** Somebody of the school has the money of a fee. @throws AppError Conflict when it is paid or being paid */
export async function recordFee(
  work: UnitOfWork,
  id: string,
  method: Extract<PaymentMethod, 'cash' | 'bank_transfer'>,
): Promise<Payment> {
  const fee = await lockPaymentAlone(work, id)
  const answer = canRecord(fee)
  if (answer !== true) throw conflict(answer)
  const data = { method, status: 'succeeded', succeededAt: nowOf(work), version: fee.version + 1 } as const
  await work.tx.payment.updateMany({ where: { id, orgId: work.orgId }, data })
  const paid = { ...fee, ...data }
  await post(work, paymentReceived(paid))
  await tellPayment(work, 'payment.succeeded', paid)
  return paid
}
