import type { DisputeStatus } from '@prisma/client'
import type { Scalars } from '../../core/declaration.ts'
import { conflict, notFound } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import { lockRow } from '../../core/lock-row.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

export type Dispute = Scalars<'Dispute'>

/** The bank has not decided; `warning` is a question before it has taken any money. */
export const UNDECIDED = ['warning', 'needs_response', 'under_review'] as const satisfies DisputeStatus[]
/** It waits for what the school has to say. */
export const TO_ANSWER = ['warning', 'needs_response'] as const satisfies DisputeStatus[]

export const isUndecided = ({ status }: Pick<Dispute, 'status'>): boolean => UNDECIDED.some((one) => one === status)
export const waitsForAnswer = ({ status }: Pick<Dispute, 'status'>): boolean => TO_ANSWER.some((one) => one === status)

/** The dispute, locked until the end of the transaction; always after its payment. @throws AppError NotFound */
export async function lockDispute(work: UnitOfWork, id: string): Promise<Dispute> {
  await lockRow(work, 'Dispute', id)
  const dispute = await work.tx.dispute.findFirst({ where: { id, orgId: work.orgId } })
  if (!dispute) throw notFound('There is no such dispute in your school.')
  return dispute
}

/** Changes a dispute that was locked. @throws AppError Conflict when it was changed all the same */
export async function changeDispute(work: UnitOfWork, dispute: Dispute, data: Partial<Dispute>): Promise<Dispute> {
  const { id, version } = dispute
  const { evidence, ...rest } = { ...data, version: version + 1 }
  const { count } = await work.tx.dispute.updateMany({
    where: { id, orgId: work.orgId, version },
    data: { ...rest, ...(evidence ? { evidence } : {}) },
  })
  if (count === 0) throw conflict('Somebody changed this dispute at the same moment. Load it again.')
  return { ...dispute, ...data, version: version + 1 }
}

type DisputeTopic = 'dispute.opened' | 'dispute.answered' | 'dispute.closed'

/** The event of a change, with the dispute as it is now. */
export const tellDispute = (
  work: UnitOfWork,
  topic: DisputeTopic,
  dispute: Dispute,
  bookingId: string | null,
): Promise<void> =>
  emit(work, {
    topic,
    of: 'Dispute',
    id: dispute.id,
    version: dispute.version,
    payload: {
      disputeId: dispute.id,
      paymentId: dispute.paymentId,
      bookingId,
      status: dispute.status,
      amountCents: dispute.amountCents,
      currency: dispute.currency,
    },
  })
