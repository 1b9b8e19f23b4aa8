import type { Message, MessageOutcome } from '@prisma/client'
import { nowOf } from '../../core/context.ts'
import { lockRow } from '../../core/lock-row.ts'
import type { UnitOfWork } from '../../core/unit-of-work.ts'
import { optOut } from './opt-outs.ts'

/** What a provider says later about a message that it took. */
export interface Report {
  /** bounced: it came back; complained: the person called it unwanted. */
  readonly outcome: Extract<MessageOutcome, 'delivered' | 'bounced' | 'complained'>
  readonly detail: string
  /** A bounce that another attempt would not change: there is no such mailbox. */
  readonly permanent: boolean
}

/**
 * Writes down what became of a message after it was sent. An address that came back for good, or whose owner complained, gets
 * nothing more. The same report again changes nothing.
 */
export async function recordReport(work: UnitOfWork, message: Message, report: Report): Promise<void> {
  const { tx, orgId } = work
  const { outcome, detail, permanent } = report
  const where = { orgId, messageId: message.id, number: null, outcome, detail }
  await lockRow(work, 'Message', message.id)
  if (await tx.messageDelivery.findFirst({ where, select: { id: true } })) return
  const at = nowOf(work)
  await tx.messageDelivery.create({ data: { ...where, finishedAt: at, createdAt: at }, select: { id: true } })
  if (outcome === 'delivered') {
    await tx.message.updateMany({ where: { id: message.id, orgId, status: 'sent' }, data: { status: 'delivered' } })
    return
  }
  if (outcome === 'bounced') {
    const error = `${permanent ? 'Came back' : 'Could not be delivered'}: ${detail}`
    await tx.message.updateMany({ where: { id: message.id, orgId }, data: { status: 'failed', error } })
  }
  if (permanent || outcome === 'complained') await optOut(work, message, { templateKey: null, reason: outcome, detail })
}
