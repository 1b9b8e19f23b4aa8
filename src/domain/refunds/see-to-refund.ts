import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { type Refund, changeRefund, lockRefund } from './refund.ts'

export function canSeeTo({ status, isSeenTo }: Pick<Refund, 'status' | 'isSeenTo'>): true | string {
  if (isSeenTo) return 'This refund is seen to already.'
  return status === 'failed' || 'Only a refund that has failed waits for somebody.'
}

/** Nobody has to look after a refund that failed any more. @throws AppError Conflict when it has not failed */
export async function seeToRefund(work: UnitOfWork, id: string, how: string): Promise<Refund> {
  const refund = await lockRefund(work, id)
  const answer = canSeeTo(refund)
  if (answer !== true) throw conflict(answer)
  const note = `${refund.note ?? 'It failed.'} Seen to: ${how}`
  return await changeRefund(work, refund, { status: refund.status, isSeenTo: true, note })
}
