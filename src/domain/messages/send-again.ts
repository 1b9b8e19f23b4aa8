import type { Message } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import { conflict } from '../../core/errors.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'

/**
 * Puts a message back among those that wait. One that never went keeps its Message-ID, so that a copy that arrived after all
 * is not shown twice; one that went is a new copy under another, because mail programs hide what they have seen.
 * @throws AppError Conflict when it waits already
 */
export async function sendAgain(
  { tx, ...ctx }: UnitOfWork,
  { id, status, copies }: Pick<Message, 'id' | 'status' | 'copies'>,
): Promise<void> {
  const hasGone = status === 'sent' || status === 'delivered'
  const { count } = await tx.message.updateMany({
    where: { id, orgId: ctx.orgId, status: { not: 'queued' } },
    data: { status: 'queued', error: null, sendAt: nowOf({ ...ctx }), copies: hasGone ? copies + 1 : copies },
  })
  if (count === 0) throw conflict('This message waits to be sent already.')
}
