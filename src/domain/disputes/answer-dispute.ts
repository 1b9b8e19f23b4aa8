import { z } from 'zod'
import { nowOf } from '../../core/context.ts'
import { conflict, invalid } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { changeDispute, type Dispute, lockDispute, tellDispute, waitsForAnswer } from './dispute.ts'

/** What a school says to a bank, by the names that Stripe has for it. */
export const evidenceSchema = z.partialRecord(
  z.enum(['product_description', 'service_date', 'uncategorized_text', 'customer_name', 'refund_refusal_explanation']),
  z.string(),
)
export type Evidence = z.output<typeof evidenceSchema>

/** Of what a learner's bank reads, as Stripe limits it: characters of all texts together. */
const MOST_CHARACTERS = 150_000

/** Why a dispute cannot be answered now, or that it can. */
export function isAnswerable(dispute: Pick<Dispute, 'status' | 'answer' | 'answeredAt'>): true | string {
  if (dispute.answer && !dispute.answeredAt) return 'The answer is on its way to Stripe already.'
  if (dispute.answer) return 'This dispute has been answered. The bank decides.'
  if (dispute.status === 'under_review') return 'The bank is deciding; it takes no more evidence.'
  return waitsForAnswer(dispute) || 'The bank has decided this dispute.'
}

interface Answer {
  readonly answer: 'evidence' | 'accept'
  readonly evidence?: Evidence
}

/**
 * Writes down what the school answers, before Stripe is asked; from then on it does not change.
 * @throws AppError Conflict when it cannot be answered, Invalid when it is longer than a bank takes
 */
export async function answerDispute(work: UnitOfWork, id: string, { answer, evidence }: Answer): Promise<Dispute> {
  const dispute = await lockDispute(work, id)
  const answerable = isAnswerable(dispute)
  if (answerable !== true) throw conflict(answerable)
  if (dispute.evidenceDueBy && dispute.evidenceDueBy < nowOf(work) && answer === 'evidence')
    throw conflict('The time for evidence is over: the bank takes none any more.')
  const length = Object.values(evidence ?? {}).reduce((sum, text) => sum + text.length, 0)
  if (length > MOST_CHARACTERS)
    throw invalid(`Banks read at most ${MOST_CHARACTERS.toLocaleString('en')} characters.`, 'uncategorized_text')
  return await changeDispute(work, dispute, { answer, failureCode: null, ...(evidence ? { evidence } : {}) })
}

/** Whether an answer of this kind still has to be sent. */
export async function wantsAnswer(work: UnitOfWork, id: string, answer: Answer['answer']): Promise<boolean> {
  const dispute = await lockDispute(work, id)
  return dispute.answer === answer && dispute.answeredAt === null
}

/** Stripe has the answer. */
export async function answerArrived(work: UnitOfWork, id: string): Promise<void> {
  const dispute = await lockDispute(work, id)
  if (dispute.answeredAt) return
  const { bookingId } = await work.tx.payment.findFirstOrThrow({
    where: { id: dispute.paymentId, orgId: work.orgId },
    select: { bookingId: true },
  })
  const answered = await changeDispute(work, dispute, { answeredAt: nowOf(work) })
  await tellDispute(work, 'dispute.answered', answered, bookingId)
}

/** Stripe has not taken it: it can be answered again. */
export async function answerRefused(work: UnitOfWork, id: string, failureCode: string): Promise<void> {
  const dispute = await lockDispute(work, id)
  if (!dispute.answeredAt) await changeDispute(work, dispute, { answer: null, failureCode })
}
