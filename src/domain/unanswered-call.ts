import { nowOf } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import type { Scalars } from '../core/declaration.ts'
import type { UnitOfWork } from '../core/unit-of-work.ts'

/** Stripe forgets keys after a day: from then on the same key could do it twice, and the program looks instead of asking. */
export const KEY_LIVES_MS = 20 * 3_600_000

/** What is written on a question, and told of its row, once a person has answered it. */
export const NOT_MADE = 'Somebody has looked in the Stripe dashboard: it was not made.'

/**
 * Somebody has looked in the Stripe dashboard and found nothing of what was asked: the question is over, and the next one
 * is another attempt.
 * @throws AppError Conflict while the program still asks by itself
 */
export async function declareUnanswered(
  work: UnitOfWork,
  { id, firstTriedAt }: Pick<Scalars<'StripeCall'>, 'id' | 'firstTriedAt'>,
): Promise<void> {
  if (nowOf(work).getTime() - (firstTriedAt?.getTime() ?? 0) < KEY_LIVES_MS)
    throw conflict(
      'Stripe is still asked about it, by itself, for a day. After that somebody can say that it was not made.',
    )
  await work.tx.stripeCall.updateMany({
    where: { id, orgId: work.orgId, status: 'unknown' },
    data: { status: 'refused', error: NOT_MADE, finishedAt: nowOf(work) },
  })
}
